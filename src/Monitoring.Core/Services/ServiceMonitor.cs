using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Services;

/// <summary>The services that this one depends on. Thread-safe.</summary>
public sealed class ServiceMonitor : IMetricSource
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    private readonly SliceClock _clock;
    private readonly ServiceOptions _options;
    private readonly InternalErrors _errors;

    internal ServiceMonitor(SliceClock clock, ServiceOptions options, InternalErrors errors)
    {
        _clock = clock;
        _options = options;
        _errors = errors;
    }

    /// <summary>Everything known about the last <paramref name="window"/>; an hour by default and at most.</summary>
    public ServiceSummary GetSummary(TimeSpan? window = null) =>
        new() { Window = window is { } asked && asked < LongestWindow ? asked : LongestWindow };

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
    }
}
