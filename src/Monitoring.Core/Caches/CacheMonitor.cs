using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Caches;

/// <summary>Hits and misses of caches. Thread-safe.</summary>
public sealed class CacheMonitor : IMetricSource
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    private readonly SliceClock _clock;
    private readonly CacheOptions _options;
    private readonly InternalErrors _errors;

    internal CacheMonitor(SliceClock clock, CacheOptions options, InternalErrors errors)
    {
        _clock = clock;
        _options = options;
        _errors = errors;
    }

    /// <summary>Everything known about the last <paramref name="window"/>; an hour by default and at most.</summary>
    public CacheSummary GetSummary(TimeSpan? window = null) =>
        new() { Window = window is { } asked && asked < LongestWindow ? asked : LongestWindow };

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
    }
}
