namespace Monitoring.Redis;

/// <summary>What one circuit breaker stands for.</summary>
public enum RedisCircuitScope
{
    /// <summary>All servers of the multiplexer together.</summary>
    Multiplexer,

    /// <summary>
    /// Each server by itself: one that is away does not fail the commands of the others. Costs the routing of each key
    /// where there are several servers. A command whose server is not known beforehand goes by a circuit that all such
    /// commands share.
    /// </summary>
    EndPoint,
}
