using Monitoring.Validation;

namespace Monitoring.Redis;

/// <summary>
/// What the servers are asked about themselves (section <c>Monitoring:Redis:Server</c>), on a connection of the monitor's
/// own and never on the application's.
/// </summary>
public sealed class RedisServerOptions
{
    /// <summary>Whether servers are asked at all. Default true. Without it there is no server page and the verdict on latency has no server and network share.</summary>
    [Live]
    public bool Enabled { get; set; } = true;

    /// <summary>How often a server is asked for its statistics: 1 s to 1 h. Default 15 s.</summary>
    [Live]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the answers of one poll may take together before the rest is left for the next: 50 ms to 1 minute. Default 2 s.</summary>
    [Live]
    public TimeSpan PollBudget { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the way to each server is measured with a PING: 100 ms to 1 minute. Default 1 s.</summary>
    [Live]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many entries of a server's slow log are kept: 0 to 1,000. Default 50.</summary>
    public int SlowLogCapacity { get; set; } = 50;

    internal void Validate(OptionsErrors errors)
    {
        errors.Range(nameof(PollInterval), PollInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        errors.Range(nameof(PollBudget), PollBudget, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
        errors.Range(nameof(ProbeInterval), ProbeInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        errors.Range(nameof(SlowLogCapacity), SlowLogCapacity, 0, 1_000);
    }
}
