using Monitoring.Validation;

namespace Monitoring.Services;

/// <summary>How an HTTP endpoint is probed.</summary>
public sealed class HttpProbeOptions : ServiceProbeOptions
{
    /// <summary>The status that is expected: 100 to 599; 0, the default, is any from 200 to 299.</summary>
    public int ExpectedStatus { get; set; }

    /// <summary>
    /// What asks; its default headers go along, which is where a token belongs. Null, the default, is a client of the monitor's
    /// own, which follows no redirect, keeps no cookies and uses the proxy of the system. Not disposed.
    /// </summary>
    public HttpClient? Client { get; set; }

    private protected override void Validate(OptionsErrors errors)
    {
        base.Validate(errors);
        errors.Require(ExpectedStatus is 0 or (>= 100 and <= 599), nameof(ExpectedStatus), ExpectedStatus, "100 to 599, or 0 for any from 200 to 299");
    }
}
