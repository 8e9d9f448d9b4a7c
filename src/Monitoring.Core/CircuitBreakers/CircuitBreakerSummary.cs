namespace Monitoring.CircuitBreakers;

/// <summary>State and history of one circuit. Immutable.</summary>
public sealed class CircuitBreakerSummary
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its state now.</summary>
    public CircuitState State { get; init; }

    /// <summary>How long it has been in that state.</summary>
    public TimeSpan TimeInState { get; init; }

    /// <summary>
    /// How long until the next attempt may be let through: what is left of the break, or at most of the probe that runs.
    /// Zero when closed, when a call would be let through as the probe, and when isolated, where nobody can tell.
    /// </summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>How often it opened after it had been closed; a probe that failed is not another trip.</summary>
    public long Trips { get; init; }

    /// <summary>Calls it refused.</summary>
    public long Rejections { get; init; }

    /// <summary>Probes let through, calls that served as one included.</summary>
    public long Probes { get; init; }

    /// <summary>Probes that failed, were given up or took too long.</summary>
    public long FailedProbes { get; init; }

    /// <summary>Type of the last exception that counted against it, or null.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was, or null.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>The last changes of its state, newest first; 32 at most.</summary>
    public IReadOnlyList<CircuitTransition> LastTransitions { get; init; } = [];
}
