namespace Monitoring.TaskQueues;

/// <summary>Tasks that wait to be taken, by priority.</summary>
/// <param name="High">Waiting with <see cref="TaskPriority.High"/>.</param>
/// <param name="Normal">Waiting with <see cref="TaskPriority.Normal"/>.</param>
/// <param name="Low">Waiting with <see cref="TaskPriority.Low"/>.</param>
public readonly record struct TaskQueueDepth(int High, int Normal, int Low)
{
    /// <summary>Waiting with any priority.</summary>
    public int Total => High + Normal + Low;

    /// <summary>
    /// Since when the oldest task that could be taken now has been waiting, counted from the call that enqueued it.
    /// Null when none waits or the queue cannot tell.
    /// </summary>
    public TimeSpan? OldestAge { get; init; }

    /// <summary>The depth of two queues together; the older of the oldest tasks.</summary>
    public static TaskQueueDepth Add(TaskQueueDepth left, TaskQueueDepth right) =>
        new(left.High + right.High, left.Normal + right.Normal, left.Low + right.Low)
        {
            OldestAge = left.OldestAge is { } age && !(right.OldestAge > age) ? age : right.OldestAge,
        };
}
