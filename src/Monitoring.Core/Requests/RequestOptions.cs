using Monitoring.Validation;

namespace Monitoring.Requests;

/// <summary>How requests and other operations are watched (section <c>Monitoring:Requests</c>).</summary>
public sealed class RequestOptions
{
    /// <summary>Duration from which on a request is slow and is kept with what it spent its time on: 1 ms to 1 h. Default 1 s.</summary>
    [Live]
    public TimeSpan SlowThreshold { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many of the last slow requests are kept: 0 to 10,000. Default 200.</summary>
    public int SlowCapacity { get; set; } = 200;

    /// <summary>How many endpoints are told apart, each with its method; further ones are summed up as <c>OTHER</c>. 1 to 1,000; default 100.</summary>
    public int MaxEndpoints { get; set; } = 100;

    /// <summary>How many of the most active users, and as many tenants, are told apart: 0 (none) to 200. Default 50.</summary>
    public int TopCapacity { get; set; } = 50;

    /// <summary>Whether the ids of users and tenants are kept as they are, in place of a hash of them. Default false: they are personal data.</summary>
    [Live]
    public bool CaptureRawIds { get; set; }

    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Range(nameof(SlowThreshold), SlowThreshold, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        errors.Range(nameof(SlowCapacity), SlowCapacity, 0, 10_000);
        errors.Range(nameof(MaxEndpoints), MaxEndpoints, 1, 1_000);
        errors.Range(nameof(TopCapacity), TopCapacity, 0, TopList.LargestCapacity);
    }
}
