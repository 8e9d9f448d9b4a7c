namespace Monitoring.TaskQueues;

/// <summary>
/// How urgent a task is. A more urgent one goes first, except that every so often a less urgent one gets a turn
/// (<see cref="TaskQueueOptions.PriorityWeight"/>), so that it waits long but not for good.
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
