namespace Monitoring.Backpressure;

/// <summary>Whether a queue backs up, why, and where it is heading. Immutable.</summary>
public sealed record BackpressureStatus
{
    /// <summary>No backpressure, nothing known of rates.</summary>
    public static BackpressureStatus None { get; } = new();

    /// <summary>Whether there is backpressure.</summary>
    public bool IsDetected => Level != BackpressureLevel.None;

    /// <summary>How bad it is.</summary>
    public BackpressureLevel Level { get; init; }

    /// <summary>Since when it has been detected; null while it is not.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The signals that hold, the plainest first.</summary>
    public IReadOnlyList<BackpressureSignal> Signals { get; init; } = [];

    /// <summary>A sentence for each signal that holds, in the same order, and one more if the queue is paused.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Tasks accepted per second.</summary>
    public double ArrivalRatePerSecond { get; init; }

    /// <summary>Tasks completed or given up per second.</summary>
    public double CompletionRatePerSecond { get; init; }

    /// <summary>When the queue will be full if both rates stay; null when it is not filling or not bounded.</summary>
    public TimeSpan? EstimatedTimeToFull { get; init; }

    /// <summary>When the queue will be empty if both rates stay; null when it would never be, because arrivals keep up with completions.</summary>
    public TimeSpan? EstimatedDrainTime { get; init; }

    /// <summary>
    /// Workers that the arrivals keep busy: tasks (refused ones too) and retries per second × the mean duration of an attempt (Little's law, L = λW;
    /// J. D. C. Little, Operations Research 9:3, 1961), rounded up. Null until an attempt has been measured.
    /// </summary>
    public int? RequiredWorkers { get; init; }

    /// <summary>The shortest wait of the tasks handed out within the window, of the priority where it is longest; null when none was.</summary>
    public TimeSpan? MinimumSojourn { get; init; }

    /// <summary>Since when the oldest task that could be taken has been waiting; null when none waits or it is unknown.</summary>
    public TimeSpan? OldestTaskAge { get; init; }
}
