using Monitoring.Latency;

namespace Monitoring.TaskQueues;

/// <summary>Counts one task type. Thread-safe; recording is lock-free and allocates nothing.</summary>
internal sealed class TaskTypeRecorder(string name, SliceClock clock)
{
    public string Name { get; } = name;

    /// <summary>Duration of every attempt, whatever became of it.</summary>
    public LatencyRecorder Processing { get; } = new(clock);

    public WindowedCounter Completed { get; } = new(clock);

    public WindowedCounter Failed { get; } = new(clock);

    public TaskTypeSummary ToSummary(TimeSpan window, LatencySnapshot processing) => new()
    {
        Name = Name,
        Completed = Completed.GetCount(window),
        Failed = Failed.GetCount(window),
        AverageProcessingTime = processing.Average,
        P95ProcessingTime = processing.P95,
        MaximumProcessingTime = processing.Maximum,
    };
}
