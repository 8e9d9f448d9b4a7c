using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Requests;

/// <summary>Requests and other operations. Thread-safe.</summary>
public sealed class RequestMonitor : IMetricSource
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    private readonly SliceClock _clock;
    private readonly RequestOptions _options;
    private readonly InternalErrors _errors;

    internal RequestMonitor(SliceClock clock, RequestOptions options, InternalErrors errors)
    {
        _clock = clock;
        _options = options;
        _errors = errors;
    }

    /// <summary>Everything known about the last <paramref name="window"/>; an hour by default and at most.</summary>
    public RequestSummary GetSummary(TimeSpan? window = null) =>
        new() { Window = window is { } asked && asked < LongestWindow ? asked : LongestWindow };

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
    }
}
