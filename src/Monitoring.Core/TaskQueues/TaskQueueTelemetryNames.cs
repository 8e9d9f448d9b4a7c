namespace Monitoring.TaskQueues;

/// <summary>
/// Names of what is told to OpenTelemetry about background queues; docs/metrics.md describes each instrument. Renaming one is
/// a breaking change.
/// </summary>
public static class TaskQueueTelemetryNames
{
    /// <summary>Name of the meter, for <c>AddMeter</c>.</summary>
    public const string Meter = "Monitoring.TaskQueues";

    /// <summary>Duration of attempts, seconds (OpenTelemetry's messaging conventions).</summary>
    public const string ProcessDuration = "messaging.process.duration";

    /// <summary>Time from enqueueing to the start, seconds.</summary>
    public const string WaitDuration = "monitoring.task_queue.wait.duration";

    /// <summary>Tasks accepted.</summary>
    public const string Enqueued = "monitoring.task_queue.enqueued";

    /// <summary>Tasks that were not accepted, by reason.</summary>
    public const string Refused = "monitoring.task_queue.refused";

    /// <summary>Accepted tasks that were dropped for one of higher priority.</summary>
    public const string Dropped = "monitoring.task_queue.dropped";

    /// <summary>Tasks done.</summary>
    public const string Completed = "monitoring.task_queue.completed";

    /// <summary>Tasks given up.</summary>
    public const string Failed = "monitoring.task_queue.failed";

    /// <summary>Failed attempts that were followed by another one.</summary>
    public const string Retried = "monitoring.task_queue.retried";

    /// <summary>Attempts that failed after their time was over.</summary>
    public const string TimedOut = "monitoring.task_queue.timed_out";

    /// <summary>Deliveries of tasks that a worker had been given before.</summary>
    public const string Redelivered = "monitoring.task_queue.redelivered";

    /// <summary>Accepted tasks that were not done when their processor stopped.</summary>
    public const string Undone = "monitoring.task_queue.undone";

    /// <summary>Tasks waiting.</summary>
    public const string Depth = "monitoring.task_queue.depth";

    /// <summary>Since when the oldest task that could be taken now has been waiting, seconds.</summary>
    public const string OldestAge = "monitoring.task_queue.oldest.age";

    /// <summary>Tasks that may wait.</summary>
    public const string Capacity = "monitoring.task_queue.capacity";

    /// <summary>Tasks whose time has not come.</summary>
    public const string Delayed = "monitoring.task_queue.delayed";

    /// <summary>Tasks that workers are at.</summary>
    public const string Running = "monitoring.task_queue.running";

    /// <summary>Dead letters that are kept.</summary>
    public const string DeadLetters = "monitoring.task_queue.dead_letters";

    /// <summary>Tasks that go on although their token was cancelled long ago.</summary>
    public const string Stuck = "monitoring.task_queue.stuck";

    /// <summary>Workers, busy and idle.</summary>
    public const string Workers = "monitoring.task_queue.workers";

    /// <summary>Busy share of the workers' time over the last 10 s.</summary>
    public const string Utilization = "monitoring.task_queue.utilization";

    /// <summary>Whether the queue is paused.</summary>
    public const string Paused = "monitoring.task_queue.paused";

    /// <summary>Backpressure: 0 none, 1 elevated, 2 severe.</summary>
    public const string Backpressure = "monitoring.task_queue.backpressure";
}
