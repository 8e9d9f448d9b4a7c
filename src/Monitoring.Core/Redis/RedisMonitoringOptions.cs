using Monitoring.Validation;

namespace Monitoring.Redis;

/// <summary>How Redis is watched (section <c>Monitoring:Redis</c>).</summary>
public sealed class RedisMonitoringOptions
{
    /// <summary>
    /// Duration from which on an operation is slow and is kept in the recent list: 1 ms to 1 minute. Default 100 ms.
    /// </summary>
    public TimeSpan SlowThreshold { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How many recent operations are kept: 0 to 10,000. Default 200. Half of them are failed or slow ones, the others a
    /// sample of all.
    /// </summary>
    public int RecentCapacity { get; set; } = 200;

    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Range(nameof(SlowThreshold), SlowThreshold, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        errors.Range(nameof(RecentCapacity), RecentCapacity, 0, 10_000);
    }
}
