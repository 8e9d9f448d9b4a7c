namespace Monitoring.Backpressure;

/// <summary>
/// What the detector looks at: the queue at one moment, and counts and rates over the detector's window. What is not set is
/// unknown, and what rests on it says nothing.
/// </summary>
internal readonly record struct BackpressureSignals
{
    /// <summary>Tasks waiting.</summary>
    public int Depth { get; init; }

    /// <summary>By how much the depth has grown within the window; null when unknown.</summary>
    public int? Growth { get; init; }

    /// <summary>Tasks that may wait; 0 when unbounded.</summary>
    public int Capacity { get; init; }

    /// <summary>Whether the queue hands out nothing because somebody said so.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Workers; null when it is unknown whether there are any.</summary>
    public int? Workers { get; init; }

    /// <summary>Workers that are at a task.</summary>
    public int Busy { get; init; }

    /// <summary>Busy share of the workers' time; null when unknown.</summary>
    public double? UtilizationPercent { get; init; }

    /// <summary>Mean duration of an attempt.</summary>
    public TimeSpan AverageProcessingTime { get; init; }

    /// <summary>How many attempts the mean is of.</summary>
    public long Attempts { get; init; }

    /// <summary>The mean over a longer time, which is steadier: a slow dependency raises it late. Zero while nothing is known.</summary>
    public TimeSpan ServiceTime { get; init; }

    /// <summary>How long an attempt may take; zero when any time.</summary>
    public TimeSpan TaskTimeout { get; init; }

    /// <summary>Tasks accepted per second.</summary>
    public double ArrivalRate { get; init; }

    /// <summary>Tasks refused per second because the queue was full: they arrived all the same.</summary>
    public double RejectionRate { get; init; }

    /// <summary>Failed attempts per second that will be followed by another.</summary>
    public double RetryRate { get; init; }

    /// <summary>Tasks completed or given up per second.</summary>
    public double CompletionRate { get; init; }

    /// <summary>Tasks accepted and refused within the window.</summary>
    public long Arrivals { get; init; }

    /// <summary>Tasks completed or given up within the window.</summary>
    public long Completions { get; init; }

    /// <summary>How often in a row the depth was larger than, or the queue as full as, the time before; an equal depth counts neither way.</summary>
    public int Risen { get; init; }

    /// <summary>The window of the counts and rates.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>How tasks wait, by priority; null or empty when unknown.</summary>
    public LaneSignals[]? Lanes { get; init; }

    /// <summary>For how long tasks have been waiting without anything started or ended; null when unknown.</summary>
    public TimeSpan? Standstill { get; init; }

    /// <summary>Whether starts and ends would be seen here, so that a standstill means something.</summary>
    public bool SeesProgress { get; init; }

    /// <summary>Deliveries within the window.</summary>
    public long Deliveries { get; init; }

    /// <summary>Those of them that were not the task's first.</summary>
    public long Redelivered { get; init; }
}

/// <summary>How the tasks of one priority wait.</summary>
/// <param name="Name">The priority as a sentence names it; null for all together.</param>
/// <param name="MinimumSojourn">The shortest wait of those handed out within the window; null when none was.</param>
/// <param name="OldestAge">Since when the oldest has been waiting; null when none waits or it is unknown.</param>
/// <param name="SeesSojourn">Whether waits are measured here at all.</param>
internal readonly record struct LaneSignals(string? Name, TimeSpan? MinimumSojourn, TimeSpan? OldestAge, bool SeesSojourn);
