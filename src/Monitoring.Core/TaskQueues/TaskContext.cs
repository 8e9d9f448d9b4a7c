namespace Monitoring.TaskQueues;

/// <summary>What a handler may want to know about the task it runs. Immutable.</summary>
public sealed record TaskContext
{
    /// <summary>Identity of the task, the same on every attempt: an idempotency key.</summary>
    public required string Id { get; init; }

    /// <summary>Name under which the task's type is counted.</summary>
    public string TypeName { get; init; } = "";

    /// <summary>Priority with which it was enqueued.</summary>
    public TaskPriority Priority { get; init; } = TaskPriority.Normal;

    /// <summary>Which attempt this is, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>
    /// How often the task has been given to a worker, this time included, from 1. Higher than <see cref="Attempt"/> when a
    /// process died with it: what it had begun may be half done. Always 1 in a queue that lives in the process.
    /// </summary>
    public int DeliveryCount { get; init; } = 1;

    /// <summary>Attempts after which the task is given up; 1 when its loop does not retry.</summary>
    public int MaxAttempts { get; init; } = 1;
}
