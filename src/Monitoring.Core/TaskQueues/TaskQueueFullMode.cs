namespace Monitoring.TaskQueues;

/// <summary>What enqueueing into a full queue does.</summary>
public enum TaskQueueFullMode
{
    /// <summary><c>EnqueueAsync</c> waits for a place; callers get theirs in the order in which they came.</summary>
    Wait = 0,

    /// <summary><c>EnqueueAsync</c> throws <see cref="TaskQueueFullException"/> at once.</summary>
    Reject = 1,
}
