using Monitoring.Backpressure;

namespace Monitoring.TaskQueues;

/// <summary>
/// The queue and its workers: how they are now, and what happened within one window. Several watched queues are added up.
/// Immutable. The counts are read one after the other while work goes on, so they may be off by the tasks of that moment.
/// </summary>
public sealed record TaskQueueSummary
{
    /// <summary>Name of the queue; null where all queues are added up.</summary>
    public string? Name { get; init; }

    /// <summary>What keeps the queue, such as <c>in-process</c>, <c>redis-streams</c> or <c>bullmq</c>; null where all queues are added up.</summary>
    public string? System { get; init; }

    /// <summary>Whether it is paused; of all queues, whether one is.</summary>
    public bool IsPaused { get; init; }

    /// <summary>The window of everything that is not said to be of now.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Tasks waiting now, those included that a processor has set aside until another one of their type ends.</summary>
    public int CurrentDepth { get; init; }

    /// <summary>Tasks waiting now, by priority.</summary>
    public TaskQueueDepth DepthByPriority { get; init; }

    /// <summary>Tasks that may wait; 0 when no queue is bounded.</summary>
    public int Capacity { get; init; }

    /// <summary>
    /// Failed tasks that wait for their next attempt now; not part of the depth. Those of a queue on a server are counted
    /// as <see cref="Delayed"/> only.
    /// </summary>
    public int AwaitingRetry { get; init; }

    /// <summary>Tasks now whose time has not come: delayed ones, and those between two attempts; not part of the depth.</summary>
    public int Delayed { get; init; }

    /// <summary>Tasks now that workers are at, as far as it is known.</summary>
    public int Running { get; init; }

    /// <summary>Dead letters that are kept now.</summary>
    public int DeadLetters { get; init; }

    /// <summary>Tasks now that go on although their token was cancelled long ago.</summary>
    public int StuckTasks { get; init; }

    /// <summary>Workers now.</summary>
    public int Workers { get; init; }

    /// <summary>Workers that are at a task now.</summary>
    public int BusyWorkers { get; init; }

    /// <summary>Busy share of the workers' time over the last 10 s, 0–100 percent.</summary>
    public double CurrentWorkerUtilizationPercent { get; init; }

    /// <summary>Busy share of the workers' time over the window, 0–100 percent.</summary>
    public double WorkerUtilizationPercent { get; init; }

    /// <summary>Mean duration of an attempt.</summary>
    public TimeSpan AverageProcessingTime { get; init; }

    /// <summary>Median duration of an attempt.</summary>
    public TimeSpan P50ProcessingTime { get; init; }

    /// <summary>95th percentile of the duration of an attempt.</summary>
    public TimeSpan P95ProcessingTime { get; init; }

    /// <summary>99th percentile of the duration of an attempt.</summary>
    public TimeSpan P99ProcessingTime { get; init; }

    /// <summary>Longest attempt.</summary>
    public TimeSpan MaximumProcessingTime { get; init; }

    /// <summary>Mean time from enqueueing (a wait for a place included) to the start.</summary>
    public TimeSpan AverageWait { get; init; }

    /// <summary>Median time from enqueueing to the start.</summary>
    public TimeSpan WaitP50 { get; init; }

    /// <summary>95th percentile of the time from enqueueing to the start.</summary>
    public TimeSpan WaitP95 { get; init; }

    /// <summary>99th percentile of the time from enqueueing to the start.</summary>
    public TimeSpan WaitP99 { get; init; }

    /// <summary>Longest time from enqueueing to the start.</summary>
    public TimeSpan WaitMaximum { get; init; }

    /// <summary>
    /// Since when the oldest task that could be taken now has been waiting; zero when none waits or it is unknown. Unlike
    /// the wait percentiles, which speak of started tasks, this grows while everything stands still.
    /// </summary>
    public TimeSpan OldestTaskAge { get; init; }

    /// <summary>Tasks accepted.</summary>
    public long Enqueued { get; init; }

    /// <summary>Tasks refused because the queue was full or stopped.</summary>
    public long Rejected { get; init; }

    /// <summary>Tasks refused because one with the same key waited or ran.</summary>
    public long Duplicates { get; init; }

    /// <summary>Accepted tasks that were dropped from a full queue for one of higher priority.</summary>
    public long Dropped { get; init; }

    /// <summary>Times that work was admitted by <see cref="IAdmission"/>, whatever became of it then.</summary>
    public long Admitted { get; init; }

    /// <summary>Times that work was turned away by <see cref="IAdmission"/>, before there was a task.</summary>
    public long Refused { get; init; }

    /// <summary>Tasks done.</summary>
    public long Completed { get; init; }

    /// <summary>Tasks given up. Since the start: accepted = completed + failed + dropped + undone, once nothing is left.</summary>
    public long Failed { get; init; }

    /// <summary>Failed attempts that were followed by another one.</summary>
    public long Retried { get; init; }

    /// <summary>Attempts that failed after their time was over; each is also part of <see cref="Retried"/> or <see cref="Failed"/>.</summary>
    public long TimedOut { get; init; }

    /// <summary>Tasks given up because their attempts were used up; part of <see cref="Failed"/>.</summary>
    public long DeadLettered { get; init; }

    /// <summary>Accepted tasks that were not done when their processor stopped.</summary>
    public long Undone { get; init; }

    /// <summary>Deliveries of tasks that a worker had been given before without saying what became of them.</summary>
    public long Redelivered { get; init; }

    /// <summary>By priority, the most urgent first; empty without a queue.</summary>
    public IReadOnlyList<TaskPrioritySummary> Priorities { get; init; } = [];

    /// <summary>By task type, the busiest first; at most 50 and <c>OTHER</c>.</summary>
    public IReadOnlyList<TaskTypeSummary> Types { get; init; } = [];

    /// <summary>Tasks counted under <c>OTHER</c>, since the start.</summary>
    public long TypeOverflow { get; init; }

    /// <summary>Whether the queue backs up, and why; of all queues, the worst.</summary>
    public BackpressureStatus Backpressure { get; init; } = BackpressureStatus.None;

    /// <summary>Each queue by itself, by name, with everything that is here; empty within one.</summary>
    public IReadOnlyList<TaskQueueSummary> Queues { get; init; } = [];
}
