using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>What was recorded of one command within a window, over all servers.</summary>
/// <param name="Operation">Redis command.</param>
/// <param name="Latency">Operations that were not rejected, and the time they took.</param>
/// <param name="Failures">Failed operations by kind.</param>
internal readonly record struct RedisCommandWindow(string Operation, LatencySnapshot Latency, RedisFailureCounts Failures)
{
    /// <summary>Operations, failed and rejected ones included.</summary>
    public long Count => Latency.Count + Failures.Rejected;

    public static RedisCommandWindow Of(IGrouping<string, RedisOperationRecorder> servers, TimeSpan window)
    {
        var latencies = servers.Select(recorder => recorder.GetLatency(window)).ToList();
        var failures = servers.Select(recorder => recorder.GetFailures(window)).Aggregate(static (sum, part) => sum.Plus(part));
        return new(servers.Key, latencies is [var only] ? only : LatencySnapshot.Merge(latencies), failures);
    }
}
