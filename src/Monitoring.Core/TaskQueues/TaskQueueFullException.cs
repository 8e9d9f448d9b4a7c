namespace Monitoring.TaskQueues;

/// <summary>The queue is full and configured to reject (<see cref="TaskQueueFullMode.Reject"/>). The task was not accepted.</summary>
/// <param name="depth">Tasks waiting at the moment of the rejection.</param>
/// <param name="capacity">Tasks that may wait.</param>
public sealed class TaskQueueFullException(int depth, int capacity)
    : Exception($"The task queue is full: {depth} of {capacity} places are taken.")
{
    /// <summary>Tasks waiting at the moment of the rejection.</summary>
    public int Depth { get; } = depth;

    /// <summary>Tasks that may wait.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>
    /// When a new attempt has a fair chance: the time in which the workers free a tenth of the places at their current
    /// rate, 1 s to 1 min. Null when the queue is not monitored.
    /// </summary>
    public TimeSpan? RetryAfter { get; internal set; }
}
