using Monitoring.Backpressure;

namespace Monitoring.TaskQueues;

/// <summary>Whether work is taken on, and if not, why and for how long. Immutable.</summary>
public readonly record struct AdmissionDecision
{
    /// <summary>Name of the queue.</summary>
    public string Queue { get; init; }

    /// <summary>Priority of the work.</summary>
    public TaskPriority Priority { get; init; }

    /// <summary>Whether it is taken on.</summary>
    public bool IsAdmitted { get; init; }

    /// <summary>
    /// When it is worth coming back: the time the queue takes to drain and to clear, 1 s to 1 min, and up to a quarter more
    /// at random, so that not all come back at once. Zero when admitted.
    /// </summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>Why not, in a sentence; null when admitted.</summary>
    public string? Reason { get; init; }

    /// <summary>How badly the queue backs up.</summary>
    public BackpressureLevel Level { get; init; }
}
