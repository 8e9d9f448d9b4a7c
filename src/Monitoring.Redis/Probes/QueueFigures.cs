namespace Monitoring.Redis.Probes;

/// <summary>What a system says of one queue, or of itself, at one moment. Null stands for "not known".</summary>
/// <param name="Queue">Its name; null for what the system keeps for all its queues together.</param>
internal sealed record QueueFigures(string? Queue)
{
    /// <summary>Tasks waiting; without it nothing is recorded of a queue.</summary>
    public long? Waiting { get; init; }

    /// <summary>Those of them that wait behind the others.</summary>
    public long LowPriority { get; init; }

    /// <summary>When the oldest waiting task began to wait.</summary>
    public DateTimeOffset? OldestSince { get; init; }

    public long? Running { get; init; }

    public long Delayed { get; init; }

    public long DeadLetters { get; init; }

    public long? ActiveWorkers { get; init; }

    public long? Workers { get; init; }

    public bool IsPaused { get; init; }

    /// <summary>Tasks added since whenever the system began to count.</summary>
    public long? EnqueuedTotal { get; init; }

    /// <summary>Tasks done since whenever the system began to count.</summary>
    public long? CompletedTotal { get; init; }

    /// <summary>Tasks failed since whenever the system began to count.</summary>
    public long? FailedTotal { get; init; }
}
