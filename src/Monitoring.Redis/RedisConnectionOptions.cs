namespace Monitoring.Redis;

/// <summary>How one multiplexer is monitored.</summary>
public sealed class RedisConnectionOptions
{
    /// <summary>
    /// Name of the connection and of its circuit. Default: the endpoints it was configured with. Multiplexers of one name
    /// share one circuit.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>Whether a circuit breaker fails its commands fast while Redis is away. Default true.</summary>
    public bool UseCircuitBreaker { get; set; } = true;
}
