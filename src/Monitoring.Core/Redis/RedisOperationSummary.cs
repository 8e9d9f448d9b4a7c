using Monitoring.CircuitBreakers;
using Monitoring.SlowOperations;

namespace Monitoring.Redis;

/// <summary>
/// Redis operations over one window. Immutable. An empty window gives zeros everywhere. Counts and latencies are read one
/// after the other while recording goes on: they may differ by the operations of that moment.
/// </summary>
public sealed class RedisOperationSummary
{
    /// <summary>The window that was asked for, an hour at most.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Number of operations, failed and rejected ones included, fire-and-forget ones not.</summary>
    public long TotalOperations { get; init; }

    /// <summary>Share of operations that did not fail, 0–100; zero when there was none. Giving up is not a failure.</summary>
    public double SuccessRatePercent => Percent(TotalOperations - Math.Min(TotalOperations, Failures.Total), TotalOperations);

    /// <summary>Failed operations by kind.</summary>
    public RedisFailureCounts Failures { get; init; } = RedisFailureCounts.None;

    /// <summary>Mean latency. Rejected calls are in no latency: they never waited for Redis.</summary>
    public TimeSpan AverageLatency { get; init; }

    /// <summary>Median latency.</summary>
    public TimeSpan P50 { get; init; }

    /// <summary>95th percentile of latency.</summary>
    public TimeSpan P95 { get; init; }

    /// <summary>99th percentile of latency.</summary>
    public TimeSpan P99 { get; init; }

    /// <summary>By Redis command, those of the window only, the most frequent first.</summary>
    public IReadOnlyDictionary<string, RedisOperationStatistics> OperationsByType { get; init; } = new Dictionary<string, RedisOperationStatistics>();

    /// <summary>By server, those of the window only, the busiest first.</summary>
    public IReadOnlyList<RedisEndPointStatistics> EndPoints { get; init; } = [];

    /// <summary>Where the time went: client, network or server; all servers together.</summary>
    public RedisLatencyVerdict Verdict { get; init; } = new();

    /// <summary>The last timeouts, diagnosed, newest first, whatever the window.</summary>
    public IReadOnlyList<RedisTimeoutDiagnosis> Timeouts { get; init; } = [];

    /// <summary>Timeouts that were not diagnosed, since the start: 100 a second are.</summary>
    public long UndiagnosedTimeouts { get; init; }

    /// <summary>The key patterns that matter most.</summary>
    public RedisHotKeys HotKeys { get; init; } = new();

    /// <summary>Sizes of the values that were sent.</summary>
    public RedisPayloadSizes ArgumentSizes { get; init; } = new();

    /// <summary>Sizes of the values that were received.</summary>
    public RedisPayloadSizes ReplySizes { get; init; } = new();

    /// <summary>Slow operations by command and key pattern, those that took the most time first.</summary>
    public IReadOnlyList<SlowOperation> SlowOperations { get; init; } = [];

    /// <summary>Pub/sub by channel pattern, the busiest first.</summary>
    public IReadOnlyList<RedisChannelStatistics> Channels { get; init; } = [];

    /// <summary>Commands sent whose outcome nobody knows (fire and forget).</summary>
    public long Sent { get; init; }

    /// <summary>The circuits.</summary>
    public IReadOnlyList<CircuitBreakerSummary> CircuitBreakers { get; init; } = [];

    /// <summary>The connections.</summary>
    public IReadOnlyList<RedisConnectionStatus> Connections { get; init; } = [];

    /// <summary>
    /// The last operations, newest first, whatever the window: failed and slow ones, and a sample of the others and of the
    /// rejected ones.
    /// </summary>
    public IReadOnlyList<RecentRedisOperation> Recent { get; init; } = [];

    /// <summary>
    /// How often, since the start, an operation was counted as <c>OTHER</c> because 1,024 (commands of servers) were told
    /// apart already.
    /// A caller that keeps the recorder counts once.
    /// </summary>
    public long OverflowedOperations { get; init; }

    /// <summary>Connections that are not shown, since the start, because 256 were.</summary>
    public long OverflowedConnections { get; init; }

    /// <summary>
    /// Kinds of slow operations that made room for another, since the start, because as many as
    /// <see cref="RedisMonitoringOptions.SlowOperationCapacity"/> were told apart already.
    /// </summary>
    public long OverflowedSlowOperations { get; init; }

    /// <summary>
    /// How often, since the start, a channel was counted as <c>OTHER</c> because
    /// <see cref="RedisMonitoringOptions.ChannelCapacity"/> patterns were told apart already. A handler counts once.
    /// </summary>
    public long OverflowedChannels { get; init; }

    // Counts that are read at different moments may be apart by a few: no share leaves 0–100 for that.
    internal static double Percent(long part, long whole) => whole <= 0 ? 0 : Math.Clamp(100.0 * part / whole, 0, 100);
}
