using Monitoring.Backpressure;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues;

/// <summary>What is known of the background queue: depth, waits, processing, workers.</summary>
public sealed class TaskQueueMonitor(SliceClock clock, BackpressureOptions backpressure) : IMetricSource
{
    private readonly SliceClock _clock = clock;
    private readonly BackpressureOptions _backpressure = backpressure;

    /// <summary>Records a measurement of a queue that is not ours.</summary>
    public void Record(TaskQueueMetrics metrics) => throw new NotImplementedException();

    /// <summary>Everything known about the last <paramref name="window"/>; an hour by default.</summary>
    public TaskQueueSummary GetSummary(TimeSpan? window = null) => throw new NotImplementedException();

    /// <summary>Integrates utilisation and feeds the backpressure detector; called by the monitor's loop about once a second.</summary>
    public void Tick() => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window) => throw new NotImplementedException();
}
