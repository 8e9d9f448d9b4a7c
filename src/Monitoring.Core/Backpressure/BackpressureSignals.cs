namespace Monitoring.Backpressure;

/// <summary>What the detector looks at: the queue at one moment, and rates over the detector's window.</summary>
internal readonly record struct BackpressureSignals
{
    /// <summary>Tasks waiting.</summary>
    public int Depth { get; init; }

    /// <summary>Tasks that may wait; 0 when unbounded.</summary>
    public int Capacity { get; init; }

    /// <summary>Busy share of the workers' time; null when unknown.</summary>
    public double? UtilizationPercent { get; init; }

    /// <summary>Mean duration of an attempt.</summary>
    public TimeSpan AverageProcessingTime { get; init; }

    /// <summary>How many attempts the mean is of.</summary>
    public long Attempts { get; init; }

    /// <summary>How long an attempt may take; zero when any time.</summary>
    public TimeSpan TaskTimeout { get; init; }

    /// <summary>Tasks accepted per second.</summary>
    public double ArrivalRate { get; init; }

    /// <summary>Failed attempts per second that will be followed by another.</summary>
    public double RetryRate { get; init; }

    /// <summary>Tasks completed or given up per second.</summary>
    public double CompletionRate { get; init; }
}
