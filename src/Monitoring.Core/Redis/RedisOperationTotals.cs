using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>What was counted of one command since the start.</summary>
/// <param name="Operation">Redis command.</param>
/// <param name="Failures">Failed operations by kind.</param>
/// <param name="Latency">Operations that were not rejected, and the time they took.</param>
internal sealed record RedisOperationTotals(string Operation, RedisFailureCounts Failures, LatencyTotals Latency)
{
    /// <summary>Operations, failed and rejected ones included.</summary>
    public long Operations => Latency.Count + Failures.Rejected;

    public RedisOperationTotals Plus(RedisOperationTotals other) =>
        new(Operation, Failures.Plus(other.Failures), Latency + other.Latency);
}
