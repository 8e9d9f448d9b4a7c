namespace Monitoring.CircuitBreakers;

/// <summary>State and history of one circuit.</summary>
public sealed class CircuitBreakerSummary
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its state now.</summary>
    public CircuitState State { get; init; }
}
