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

    /// <summary>The same of the tasks of high priority.</summary>
    public TimeSpan? HighOldestAge { get; init; }

    /// <summary>The same of the tasks of normal priority.</summary>
    public TimeSpan? NormalOldestAge { get; init; }

    /// <summary>The same of the tasks of low priority.</summary>
    public TimeSpan? LowOldestAge { get; init; }

    /// <summary>Tasks whose time has not come: delayed ones, and those between two attempts. Not part of the depth.</summary>
    public int Delayed { get; init; }

    /// <summary>Dead letters that are kept.</summary>
    public int DeadLetters { get; init; }

    /// <summary>Of the delayed tasks, those between two attempts.</summary>
    internal int AwaitingRetry { get; init; }

    /// <summary>Tasks waiting with one priority.</summary>
    public int Of(TaskPriority priority) => priority switch
    {
        TaskPriority.High => High,
        TaskPriority.Normal => Normal,
        _ => Low,
    };

    /// <summary><see cref="OldestAge"/> of one priority.</summary>
    public TimeSpan? OldestAgeOf(TaskPriority priority) => priority switch
    {
        TaskPriority.High => HighOldestAge,
        TaskPriority.Normal => NormalOldestAge,
        _ => LowOldestAge,
    };

    /// <summary>The depth of two queues together; the older of the oldest tasks.</summary>
    public static TaskQueueDepth Add(TaskQueueDepth left, TaskQueueDepth right) =>
        new(left.High + right.High, left.Normal + right.Normal, left.Low + right.Low)
        {
            OldestAge = Older(left.OldestAge, right.OldestAge),
            HighOldestAge = Older(left.HighOldestAge, right.HighOldestAge),
            NormalOldestAge = Older(left.NormalOldestAge, right.NormalOldestAge),
            LowOldestAge = Older(left.LowOldestAge, right.LowOldestAge),
            Delayed = left.Delayed + right.Delayed,
            DeadLetters = left.DeadLetters + right.DeadLetters,
            AwaitingRetry = left.AwaitingRetry + right.AwaitingRetry,
        };

    internal static TimeSpan? Older(TimeSpan? left, TimeSpan? right) => left is { } age && !(right > age) ? age : right;
}
