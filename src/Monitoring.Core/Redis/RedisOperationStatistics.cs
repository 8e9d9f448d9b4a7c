namespace Monitoring.Redis;

/// <summary>
/// One Redis command over one window. Counts and latencies are read one after the other while recording goes on: they may
/// differ by the operations of that moment.
/// </summary>
public sealed class RedisOperationStatistics
{
    /// <summary>Redis command, such as <c>GET</c>; <c>OTHER</c> for all beyond the cap.</summary>
    public required string Operation { get; init; }

    /// <summary>Number of operations, failed and rejected ones included.</summary>
    public long Count { get; init; }

    /// <summary>How many of them failed; a caller that gave up is not a failure.</summary>
    public long Failures { get; init; }

    /// <summary>Share of failures, 0–100; zero when there was no operation.</summary>
    public double FailureRatePercent => RedisOperationSummary.Percent(Failures, Count);

    /// <summary>Failures by kind.</summary>
    public RedisFailureCounts FailuresByKind { get; init; } = RedisFailureCounts.None;

    /// <summary>Failures by error: prefix of the server's error, or type of the exception.</summary>
    public IReadOnlyDictionary<string, long> Errors { get; init; } = new Dictionary<string, long>();

    /// <summary>Mean latency. Rejected calls are in no latency: they never waited for Redis.</summary>
    public TimeSpan Average { get; init; }

    /// <summary>Median latency.</summary>
    public TimeSpan P50 { get; init; }

    /// <summary>95th percentile of latency.</summary>
    public TimeSpan P95 { get; init; }

    /// <summary>99th percentile of latency.</summary>
    public TimeSpan P99 { get; init; }

    /// <summary>Largest latency.</summary>
    public TimeSpan Maximum { get; init; }

    /// <summary>Commands sent whose outcome nobody knows (fire and forget); not in <see cref="Count"/>.</summary>
    public long Sent { get; init; }

    /// <summary>Commands that the operations carried (<c>PIPELINE</c>, <c>MULTI</c>); zero for others.</summary>
    public long Items { get; init; }
}
