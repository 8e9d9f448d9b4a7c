namespace Monitoring.TaskQueues;

/// <summary>Why a task became a dead letter.</summary>
public enum DeadLetterReason
{
    /// <summary>All its attempts failed.</summary>
    AttemptsExhausted,

    /// <summary>It was given out too often without an answer: its workers died or hung.</summary>
    DeliveriesExhausted,

    /// <summary>It was dropped from a full queue for one of higher priority.</summary>
    Dropped,

    /// <summary>What the queue holds cannot be read as a task: no known name, or no such message.</summary>
    Malformed,
}

/// <summary>A task that was given up, as it is kept for whoever wants to know why, or to try it again. Immutable.</summary>
public sealed record DeadLetter
{
    /// <summary>Identity by which it can be re-driven; the task's own where that is known.</summary>
    public required string Id { get; init; }

    /// <summary>Name under which the task is counted.</summary>
    public required string TypeName { get; init; }

    /// <summary>Priority with which it was enqueued, and will be again.</summary>
    public TaskPriority Priority { get; init; } = TaskPriority.Normal;

    /// <summary>When it was given up.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Why it was given up.</summary>
    public DeadLetterReason Reason { get; init; }

    /// <summary>How often it had been started.</summary>
    public int Attempts { get; init; }

    /// <summary>Type of the last exception; null where none was thrown.</summary>
    public string? ExceptionType { get; init; }

    /// <summary>Message of the last exception, or what is malformed; at most 1,000 characters.</summary>
    public string? Message { get; init; }
}
