using Monitoring.Latency;

namespace Monitoring.TaskQueues;

/// <summary>Counts one task type. Thread-safe; recording is lock-free and allocates nothing.</summary>
internal sealed class TaskTypeRecorder(string name, SliceClock clock, TaskQueueMonitor monitor)
{
    public string Name { get; } = name;

    public TaskQueueMonitor Monitor { get; } = monitor;

    /// <summary>Duration of every attempt, whatever became of it.</summary>
    public LatencyRecorder Processing { get; } = new(clock);

    /// <summary>
    /// Attempts in <see cref="Processing"/> that did not complete a task. The usual case is thus counted once, by the
    /// histogram; what is completed is the rest. Less than nothing when tasks were completed that nobody timed.
    /// </summary>
    public WindowedCounter NotCompleted { get; } = new(clock);

    /// <summary>Tasks given up.</summary>
    public WindowedCounter Failed { get; } = new(clock);

    /// <summary>Tasks completed within the window whose attempts are in <paramref name="processing"/>.</summary>
    public long CountCompleted(TimeSpan window, LatencySnapshot processing) => Math.Max(0, processing.Count - NotCompleted.GetCount(window));

    public TaskTypeSummary ToSummary(TimeSpan window, LatencySnapshot processing) => new()
    {
        Name = Name,
        Completed = CountCompleted(window, processing),
        Failed = Failed.GetCount(window),
        AverageProcessingTime = processing.Average,
        P95ProcessingTime = processing.P95,
        MaximumProcessingTime = processing.Maximum,
    };
}
