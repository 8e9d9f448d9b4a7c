namespace Monitoring.TaskQueues;

/// <summary>A measurement of a queue that is watched from outside, for <c>RecordTaskQueueMetrics</c>.</summary>
public sealed class TaskQueueMetrics
{
    /// <summary>Tasks waiting.</summary>
    public int Depth { get; init; }
}
