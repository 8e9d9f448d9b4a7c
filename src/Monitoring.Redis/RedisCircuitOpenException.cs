using Monitoring.CircuitBreakers;
using StackExchange.Redis;

namespace Monitoring.Redis;

/// <summary>
/// An open circuit refused a Redis command before it reached a server. It is a <see cref="RedisException"/>, so that what
/// already handles an unreachable Redis handles this too.
/// </summary>
public sealed class RedisCircuitOpenException : RedisException
{
    internal RedisCircuitOpenException(CircuitBreaker circuit)
        : this(circuit.Name, circuit.State, circuit.RetryAfter)
    {
    }

    private RedisCircuitOpenException(string circuit, CircuitState state, TimeSpan retryAfter)
        : base($"The circuit '{circuit}' is {state}; retry after {retryAfter.TotalSeconds:0.###} s.")
    {
        Circuit = circuit;
        State = state;
        RetryAfter = retryAfter;
    }

    /// <summary>Name of the circuit.</summary>
    public string Circuit { get; }

    /// <summary>Its state when it refused.</summary>
    public CircuitState State { get; }

    /// <summary>When the next attempt may be let through; zero when that is unknown.</summary>
    public TimeSpan RetryAfter { get; }
}
