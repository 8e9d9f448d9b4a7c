namespace Monitoring.TaskQueues;

/// <summary>
/// How urgent a task is. A more urgent one goes first, except that a less urgent one gets its share of the turns
/// (<see cref="TaskQueueOptions.LowWeight"/>), so that it waits long but not for good.
/// </summary>
public enum TaskPriority
{
    /// <summary>Before everything else.</summary>
    High = 0,

    /// <summary>The default.</summary>
    Normal = 1,

    /// <summary>When there is time.</summary>
    Low = 2,
}
