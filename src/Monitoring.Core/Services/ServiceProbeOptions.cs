using Microsoft.Extensions.Options;
using Monitoring.Validation;

namespace Monitoring.Services;

/// <summary>How one service is probed, and what its answers mean. Read once, when the probe is added.</summary>
public class ServiceProbeOptions
{
    /// <summary>How long after one probe has begun the next begins: 1 s to 1 h. Default 30 s.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a probe may take before it counts as failed: 10 ms to 5 minutes. Default 5 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after it is added the first probe begins: 0 to 1 h. Default 0, which is at once.</summary>
    public TimeSpan InitialDelay { get; set; }

    /// <summary>By how much of the interval each wait is lengthened at most, at random, so that many processes do not ask at the same time: 0 to 50 percent. Default 10.</summary>
    public double JitterPercent { get; set; } = 10;

    /// <summary>Response time at which a service that answers is <see cref="ServiceStatus.Warning"/>: 1 ms to 5 minutes; null is never. Default 1 s.</summary>
    public TimeSpan? DegradedAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Failures in a row at which a service is <see cref="ServiceStatus.Critical"/>; fewer are a warning. 1 to 100. Default 3.</summary>
    public int FailuresToCritical { get; set; } = 3;

    /// <summary>Answers in a row at which a critical service is well again: 1 to 100. Default 2.</summary>
    public int SuccessesToRecover { get; set; } = 2;

    /// <summary>Whether the service can do without it: then the overall status is <see cref="ServiceStatus.Warning"/> at most. Default false.</summary>
    public bool IsOptional { get; set; }

    /// <summary>
    /// What may bring the service back; null is nothing, the default. Called when it turns critical, and again with a growing
    /// distance while it stays so; never while a call is under way. What it throws is recorded.
    /// </summary>
    public Func<ServiceRecovery, CancellationToken, ValueTask>? Recover { get; set; }

    /// <summary>How long an attempt of <see cref="Recover"/> may take before its token is cancelled: 100 ms to 1 h. Default 30 s.</summary>
    public TimeSpan RecoveryTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Distance between the first two attempts; it doubles with each: 1 s to 1 h. Default 30 s.</summary>
    public TimeSpan RecoveryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest distance between two attempts, and for how long a service must not have been critical before its attempts are counted anew: 1 s to 1 day. Default 10 minutes.</summary>
    public TimeSpan RecoveryMaximumDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Attempts after which one gives up: 1 to 100. Default 5.</summary>
    public int RecoveryAttempts { get; set; } = 5;

    /// <summary>Checks everything.</summary>
    /// <param name="name">Name of the service, for the messages.</param>
    /// <exception cref="OptionsValidationException">An option is out of its range; names service, key, value and range.</exception>
    internal void Validate(string name)
    {
        var errors = new OptionsErrors($"Service '{name}'");
        Validate(errors);
        if (errors.Messages.Count > 0)
        {
            throw new OptionsValidationException(name, GetType(), errors.Messages);
        }
    }

    private protected virtual void Validate(OptionsErrors errors)
    {
        var second = TimeSpan.FromSeconds(1);
        var hour = TimeSpan.FromHours(1);
        var longest = TimeSpan.FromMinutes(5);
        errors.Range(nameof(Interval), Interval, second, hour);
        errors.Range(nameof(Timeout), Timeout, TimeSpan.FromMilliseconds(10), longest);
        errors.Range(nameof(InitialDelay), InitialDelay, TimeSpan.Zero, hour);
        errors.Range(nameof(JitterPercent), JitterPercent, 0, 50);
        errors.Range(nameof(DegradedAfter), DegradedAfter ?? longest, TimeSpan.FromMilliseconds(1), longest);
        errors.Range(nameof(FailuresToCritical), FailuresToCritical, 1, 100);
        errors.Range(nameof(SuccessesToRecover), SuccessesToRecover, 1, 100);
        errors.Range(nameof(RecoveryTimeout), RecoveryTimeout, TimeSpan.FromMilliseconds(100), hour);
        errors.Range(nameof(RecoveryDelay), RecoveryDelay, second, hour);
        errors.Range(nameof(RecoveryMaximumDelay), RecoveryMaximumDelay, second, TimeSpan.FromDays(1));
        errors.Require(RecoveryDelay <= RecoveryMaximumDelay, nameof(RecoveryDelay), RecoveryDelay, $"at most {nameof(RecoveryMaximumDelay)}");
        errors.Range(nameof(RecoveryAttempts), RecoveryAttempts, 1, 100);
    }
}

/// <summary>One attempt to bring a service back.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Attempt">Which attempt it is, from 1.</param>
/// <param name="Error">The last error of its probe.</param>
public sealed record ServiceRecovery(string Service, int Attempt, string? Error)
{
    /// <summary>The services of the host; null without one.</summary>
    public IServiceProvider? Services { get; init; }
}
