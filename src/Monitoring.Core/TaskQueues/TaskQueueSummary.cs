namespace Monitoring.TaskQueues;

/// <summary>The queue and its workers over one window.</summary>
public sealed class TaskQueueSummary
{
    /// <summary>Tasks waiting now.</summary>
    public int CurrentDepth { get; init; }
}
