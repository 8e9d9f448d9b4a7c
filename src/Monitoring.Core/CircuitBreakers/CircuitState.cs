namespace Monitoring.CircuitBreakers;

/// <summary>What a circuit lets through.</summary>
public enum CircuitState
{
    /// <summary>Everything is let through.</summary>
    Closed,

    /// <summary>One probe is let through; its outcome decides.</summary>
    HalfOpen,

    /// <summary>Calls are rejected until the break is over.</summary>
    Open,

    /// <summary>Calls are rejected until somebody closes the circuit by hand.</summary>
    Isolated,
}
