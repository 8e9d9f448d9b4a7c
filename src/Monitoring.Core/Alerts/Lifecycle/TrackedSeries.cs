using Monitoring.Telemetry;

namespace Monitoring.Alerts.Lifecycle;

/// <summary>One series that has an alert, or that may not be forgotten yet. Its fields are grouped by who touches them.</summary>
internal sealed class TrackedSeries(AlertSeries series)
{
    public AlertSeries Series { get; } = series;

    /// <summary>Guarded by the lock of the registry, which alone replaces it.</summary>
    public TrackedState State { get; set; } = TrackedState.Quiet;

    /// <summary>Guarded by the lock of the registry: a change that the channels have yet to be told.</summary>
    public bool IsUntold { get; set; }

    /// <summary>Guarded by the lock of the registry: when its document was last noted; null when it has none.</summary>
    public TimeSpan? NotedAt { get; set; }

    /// <summary>When it was taken up from an earlier process; null when it was not. Set once, before the first evaluation.</summary>
    public TimeSpan? RestoredAt { get; init; }

    /// <summary>The last reading; null before there was one. Only the evaluation touches it.</summary>
    public MetricReading? Reading { get; set; }

    /// <summary>The last evaluation that found data. Only the evaluation touches it.</summary>
    public long SeenAt { get; set; }
}
