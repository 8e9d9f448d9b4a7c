namespace Monitoring.CircuitBreakers;

/// <summary>A circuit refused a call.</summary>
public sealed class CircuitOpenException(string circuit, CircuitState state, TimeSpan retryAfter)
    : Exception($"The circuit '{circuit}' is {state}; retry after {retryAfter.TotalSeconds:0.###} s.")
{
    /// <summary>Name of the circuit.</summary>
    public string Circuit { get; } = circuit;

    /// <summary>Its state when it refused.</summary>
    public CircuitState State { get; } = state;

    /// <summary>When the next attempt may be let through; zero when that is unknown.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
