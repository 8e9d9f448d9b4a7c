namespace Monitoring.TaskQueues;

/// <summary>What enqueueing into a full queue does.</summary>
public enum TaskQueueFullMode
{
    /// <summary><c>EnqueueAsync</c> waits for a place; callers get theirs in the order in which they came.</summary>
    Wait = 0,

    /// <summary><c>EnqueueAsync</c> throws <see cref="TaskQueueFullException"/> at once.</summary>
    Reject = 1,

    /// <summary>
    /// <c>EnqueueAsync</c> drops the newest waiting task of the lowest priority below the new one's
    /// (<see cref="EnqueueOutcome.AcceptedByDropping"/>); it becomes a dead letter. Where nothing lower waits, it rejects.
    /// </summary>
    DropLowest = 2,
}
