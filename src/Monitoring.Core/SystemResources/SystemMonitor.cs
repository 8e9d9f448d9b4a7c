using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.SystemResources;

/// <summary>Processor, memory, disks, network and the runtime. Thread-safe.</summary>
public sealed class SystemMonitor : IMetricSource
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    private readonly SliceClock _clock;
    private readonly SystemOptions _options;
    private readonly InternalErrors _errors;

    internal SystemMonitor(SliceClock clock, SystemOptions options, InternalErrors errors)
    {
        _clock = clock;
        _options = options;
        _errors = errors;
    }

    /// <summary>Everything known about the last <paramref name="window"/>; an hour by default and at most.</summary>
    public SystemSummary GetSummary(TimeSpan? window = null) =>
        new() { Window = window is { } asked && asked < LongestWindow ? asked : LongestWindow };

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
    }
}
