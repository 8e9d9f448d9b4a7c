namespace Monitoring.Redis;

/// <summary>The operations of one server over one window.</summary>
public sealed record RedisEndPointStatistics
{
    /// <summary>Server as <c>host:port</c>; null for operations of connections with several servers, where naming one would cost a round trip.</summary>
    public string? EndPoint { get; init; }

    /// <summary>By Redis command, the most frequent first.</summary>
    public IReadOnlyDictionary<string, RedisOperationStatistics> OperationsByType { get; init; } = new Dictionary<string, RedisOperationStatistics>();

    /// <summary>Number of operations, failed and rejected ones included.</summary>
    public long Count { get; init; }

    /// <summary>Failed operations by kind.</summary>
    public RedisFailureCounts Failures { get; init; } = RedisFailureCounts.None;

    /// <summary>Mean latency. Rejected calls are in no latency.</summary>
    public TimeSpan Average { get; init; }

    /// <summary>95th percentile of latency.</summary>
    public TimeSpan P95 { get; init; }

    /// <summary>99th percentile of latency.</summary>
    public TimeSpan P99 { get; init; }

    /// <summary>Where the time of these operations went.</summary>
    public RedisLatencyVerdict Verdict { get; init; } = new();
}
