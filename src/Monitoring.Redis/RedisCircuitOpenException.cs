using Monitoring.CircuitBreakers;
using StackExchange.Redis;

namespace Monitoring.Redis;

/// <summary>
/// An open circuit refused a Redis command before it reached a server. It is a <see cref="RedisException"/>, so that what
/// already handles an unreachable Redis handles this too.
/// </summary>
public sealed class RedisCircuitOpenException : RedisException
{
    internal RedisCircuitOpenException(CircuitOpenException refusal)
        : base(refusal.Message)
    {
        Circuit = refusal.Circuit;
        State = refusal.State;
        RetryAfter = refusal.RetryAfter;
    }

    /// <summary>Name of the circuit.</summary>
    public string Circuit { get; }

    /// <summary>Its state when it refused.</summary>
    public CircuitState State { get; }

    /// <summary>When the next attempt may be let through; zero when that is unknown.</summary>
    public TimeSpan RetryAfter { get; }
}
