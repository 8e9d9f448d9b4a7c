namespace Monitoring.TaskQueues;

/// <summary>One priority over one window. Immutable.</summary>
public sealed record TaskPrioritySummary
{
    /// <summary>The priority.</summary>
    public TaskPriority Priority { get; init; }

    /// <summary>Tasks waiting now.</summary>
    public int Depth { get; init; }

    /// <summary>Since when the oldest task that could be taken now has been waiting; zero when none waits or it is unknown.</summary>
    public TimeSpan OldestTaskAge { get; init; }

    /// <summary>Tasks accepted.</summary>
    public long Enqueued { get; init; }

    /// <summary>Tasks refused because the queue was full or stopped.</summary>
    public long Rejected { get; init; }

    /// <summary>Tasks refused because one with the same key waited or ran.</summary>
    public long Duplicates { get; init; }

    /// <summary>Accepted tasks that were dropped for one of higher priority.</summary>
    public long Dropped { get; init; }

    /// <summary>Times that work was admitted by <see cref="IAdmission"/>, whatever became of it then.</summary>
    public long Admitted { get; init; }

    /// <summary>Times that work was turned away by <see cref="IAdmission"/>, before there was a task.</summary>
    public long Refused { get; init; }

    /// <summary>Tasks done.</summary>
    public long Completed { get; init; }

    /// <summary>Tasks given up.</summary>
    public long Failed { get; init; }

    /// <summary>Mean time from enqueueing to the start.</summary>
    public TimeSpan AverageWait { get; init; }

    /// <summary>Median time from enqueueing to the start.</summary>
    public TimeSpan WaitP50 { get; init; }

    /// <summary>95th percentile of the time from enqueueing to the start.</summary>
    public TimeSpan WaitP95 { get; init; }

    /// <summary>99th percentile of the time from enqueueing to the start.</summary>
    public TimeSpan WaitP99 { get; init; }

    /// <summary>Longest time from enqueueing to the start.</summary>
    public TimeSpan WaitMaximum { get; init; }

    /// <summary>Mean duration of an attempt.</summary>
    public TimeSpan AverageProcessingTime { get; init; }

    /// <summary>95th percentile of the duration of an attempt.</summary>
    public TimeSpan P95ProcessingTime { get; init; }

    /// <summary>Longest attempt.</summary>
    public TimeSpan MaximumProcessingTime { get; init; }
}
