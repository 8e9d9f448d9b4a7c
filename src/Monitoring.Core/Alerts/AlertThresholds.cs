using Monitoring.Validation;

namespace Monitoring.Alerts;

/// <summary>
/// When the default rules warn and when they turn critical (section <c>Monitoring:Alerts:Thresholds</c>). A value at a
/// threshold breaches it. A warning threshold may not lie above its critical one; those of hit rates
/// not below theirs.
/// </summary>
public sealed class AlertThresholds
{
    private static readonly TimeSpan ShortestTime = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestTime = TimeSpan.FromHours(1);

    /// <summary>95th percentile of webhook handling, per endpoint: warning. 1 ms to 1 h; default 1 s.</summary>
    public TimeSpan WebhookResponseTimeWarning { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>95th percentile of webhook handling, per endpoint: critical. 1 ms to 1 h; default 3 s.</summary>
    public TimeSpan WebhookResponseTimeCritical { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>95th percentile of Redis latency, per operation: warning. 1 ms to 1 h; default 100 ms.</summary>
    public TimeSpan RedisLatencyWarning { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>95th percentile of Redis latency, per operation: critical. 1 ms to 1 h; default 500 ms.</summary>
    public TimeSpan RedisLatencyCritical { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Failed share of Redis operations: warning. 0.1 to 100 percent; default 5.</summary>
    public double RedisFailureRateWarningPercent { get; set; } = 5;

    /// <summary>Failed share of Redis operations: critical. 0.1 to 100 percent; default 10.</summary>
    public double RedisFailureRateCriticalPercent { get; set; } = 10;

    /// <summary>Operations within <see cref="AlertOptions.Window"/> below which the failed share says nothing. 1 to 1,000,000; default 20.</summary>
    public int RedisFailureRateMinimumOperations { get; set; } = 20;

    /// <summary>Memory of a Redis server, of its <c>maxmemory</c>: warning. 1 to 100 percent; default 85. Not for one that may evict any key.</summary>
    public double RedisMemoryWarningPercent { get; set; } = 85;

    /// <summary>Memory of a Redis server, of its <c>maxmemory</c>: critical. 1 to 100 percent; default 95.</summary>
    public double RedisMemoryCriticalPercent { get; set; } = 95;

    /// <summary>Keys that a Redis server evicts, between two polls: warning. 0.01 to 1,000,000 per second; default 1.</summary>
    public double RedisEvictionsWarningPerSecond { get; set; } = 1;

    /// <summary>Keys that a Redis server evicts, between two polls: critical. 0.01 to 1,000,000 per second; default 100.</summary>
    public double RedisEvictionsCriticalPerSecond { get; set; } = 100;

    /// <summary>How long the slowest replica of a Redis server, or the source of one, has not been heard of: warning. 1 s to 1 h; default 10 s.</summary>
    public TimeSpan RedisReplicationLagWarning { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the slowest replica of a Redis server, or the source of one, has not been heard of: critical. 1 s to 1 h; default 1 min.</summary>
    public TimeSpan RedisReplicationLagCritical { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Hit rate of a Redis server that evicts keys (another <c>maxmemory-policy</c> than <c>noeviction</c>), between two polls, at or below: warning. 0 (never) to 99 percent; default 70.</summary>
    public double RedisHitRateWarningPercent { get; set; } = 70;

    /// <summary>Hit rate of a Redis server that evicts keys (another <c>maxmemory-policy</c> than <c>noeviction</c>), between two polls, at or below: critical. 0 (never) to 99 percent; default 50.</summary>
    public double RedisHitRateCriticalPercent { get; set; } = 50;

    /// <summary>Key lookups between two polls below which the hit rate says nothing. 1 to 1,000,000; default 100.</summary>
    public int RedisHitRateMinimumLookups { get; set; } = 100;

    /// <summary>Tasks waiting: warning. 1 to 1,000,000 tasks; default 500. The lower of this and the percentage counts.</summary>
    public int QueueDepthWarning { get; set; } = 500;

    /// <summary>Tasks waiting: critical. 1 to 1,000,000 tasks; default 800. The lower of this and the percentage counts.</summary>
    public int QueueDepthCritical { get; set; } = 800;

    /// <summary>Tasks waiting, as a share of the queue's capacity: warning. 1 to 100 percent; default 50.</summary>
    public double QueueDepthWarningPercent { get; set; } = 50;

    /// <summary>Tasks waiting, as a share of the queue's capacity: critical. 1 to 100 percent; default 80.</summary>
    public double QueueDepthCriticalPercent { get; set; } = 80;

    /// <summary>Age of the oldest task that could be taken, per queue: warning. 1 s to 1 day; default 1 min.</summary>
    public TimeSpan OldestTaskAgeWarning { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Age of the oldest task that could be taken, per queue: critical. 1 s to 1 day; default 5 min.</summary>
    public TimeSpan OldestTaskAgeCritical { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Busy share of the workers: warning. 1 to 100 percent; default 80.</summary>
    public double WorkerUtilizationWarningPercent { get; set; } = 80;

    /// <summary>Busy share of the workers: critical. 1 to 100 percent; default 95.</summary>
    public double WorkerUtilizationCriticalPercent { get; set; } = 95;

    /// <summary>95th percentile of task processing: warning. 1 ms to 1 h; default 5 s.</summary>
    public TimeSpan TaskProcessingTimeWarning { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>95th percentile of task processing: critical. 1 ms to 1 h; default null, which is never critical.</summary>
    public TimeSpan? TaskProcessingTimeCritical { get; set; }

    /// <summary>95th percentile of requests and other operations, per endpoint: warning. 1 ms to 1 h; default 1 s.</summary>
    public TimeSpan RequestLatencyWarning { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>95th percentile of requests and other operations, per endpoint: critical. 1 ms to 1 h; default 3 s.</summary>
    public TimeSpan RequestLatencyCritical { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Failed share of requests and other operations: warning. 0.1 to 100 percent; default 5.</summary>
    public double RequestErrorRateWarningPercent { get; set; } = 5;

    /// <summary>Failed share of requests and other operations: critical. 0.1 to 100 percent; default 10.</summary>
    public double RequestErrorRateCriticalPercent { get; set; } = 10;

    /// <summary>Requests within <see cref="AlertOptions.Window"/> below which the failed share says nothing. 1 to 1,000,000; default 20.</summary>
    public int RequestErrorRateMinimumRequests { get; set; } = 20;

    /// <summary>Hit rate of a cache, at or below: warning. 0 (never) to 99 percent; default 70.</summary>
    public double CacheHitRateWarningPercent { get; set; } = 70;

    /// <summary>Hit rate of a cache, at or below: critical. 0 (never) to 99 percent; default 50.</summary>
    public double CacheHitRateCriticalPercent { get; set; } = 50;

    /// <summary>Lookups within <see cref="AlertOptions.Window"/> below which the hit rate of a cache says nothing. 1 to 1,000,000; default 100.</summary>
    public int CacheHitRateMinimumLookups { get; set; } = 100;

    /// <summary>Busy share of the processors, or of the container's limit: warning. 1 to 100 percent; default 80.</summary>
    public double CpuWarningPercent { get; set; } = 80;

    /// <summary>Busy share of the processors, or of the container's limit: critical. 1 to 100 percent; default 95.</summary>
    public double CpuCriticalPercent { get; set; } = 95;

    /// <summary>Used share of the memory, or of the container's limit: warning. 1 to 100 percent; default 85.</summary>
    public double MemoryWarningPercent { get; set; } = 85;

    /// <summary>Used share of the memory, or of the container's limit: critical. 1 to 100 percent; default 95.</summary>
    public double MemoryCriticalPercent { get; set; } = 95;

    /// <summary>Used share of a disk: warning. 1 to 100 percent; default 90.</summary>
    public double DiskWarningPercent { get; set; } = 90;

    /// <summary>Used share of a disk: critical. 1 to 100 percent; default 95.</summary>
    public double DiskCriticalPercent { get; set; } = 95;

    internal void Validate(OptionsErrors errors)
    {
        Pair(errors, nameof(WebhookResponseTimeWarning), WebhookResponseTimeWarning, nameof(WebhookResponseTimeCritical), WebhookResponseTimeCritical, ShortestTime, LongestTime);
        Pair(errors, nameof(RedisLatencyWarning), RedisLatencyWarning, nameof(RedisLatencyCritical), RedisLatencyCritical, ShortestTime, LongestTime);
        Pair(errors, nameof(RedisFailureRateWarningPercent), RedisFailureRateWarningPercent, nameof(RedisFailureRateCriticalPercent), RedisFailureRateCriticalPercent, 0.1, 100);
        errors.Range(nameof(RedisFailureRateMinimumOperations), RedisFailureRateMinimumOperations, 1, 1_000_000);
        Pair(errors, nameof(RedisMemoryWarningPercent), RedisMemoryWarningPercent, nameof(RedisMemoryCriticalPercent), RedisMemoryCriticalPercent, 1, 100);
        Pair(errors, nameof(RedisEvictionsWarningPerSecond), RedisEvictionsWarningPerSecond, nameof(RedisEvictionsCriticalPerSecond), RedisEvictionsCriticalPerSecond, 0.01, 1_000_000);
        Pair(errors, nameof(RedisReplicationLagWarning), RedisReplicationLagWarning, nameof(RedisReplicationLagCritical), RedisReplicationLagCritical, TimeSpan.FromSeconds(1), LongestTime);

        // The other way round: a hit rate is critical below its warning.
        Pair(errors, nameof(RedisHitRateCriticalPercent), RedisHitRateCriticalPercent, nameof(RedisHitRateWarningPercent), RedisHitRateWarningPercent, 0, 99);
        errors.Range(nameof(RedisHitRateMinimumLookups), RedisHitRateMinimumLookups, 1, 1_000_000);
        Pair(errors, nameof(QueueDepthWarning), QueueDepthWarning, nameof(QueueDepthCritical), QueueDepthCritical, 1, 1_000_000);
        Pair(errors, nameof(QueueDepthWarningPercent), QueueDepthWarningPercent, nameof(QueueDepthCriticalPercent), QueueDepthCriticalPercent, 1, 100);
        Pair(errors, nameof(OldestTaskAgeWarning), OldestTaskAgeWarning, nameof(OldestTaskAgeCritical), OldestTaskAgeCritical, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Pair(errors, nameof(WorkerUtilizationWarningPercent), WorkerUtilizationWarningPercent, nameof(WorkerUtilizationCriticalPercent), WorkerUtilizationCriticalPercent, 1, 100);
        Pair(errors, nameof(RequestLatencyWarning), RequestLatencyWarning, nameof(RequestLatencyCritical), RequestLatencyCritical, ShortestTime, LongestTime);
        Pair(errors, nameof(RequestErrorRateWarningPercent), RequestErrorRateWarningPercent, nameof(RequestErrorRateCriticalPercent), RequestErrorRateCriticalPercent, 0.1, 100);
        errors.Range(nameof(RequestErrorRateMinimumRequests), RequestErrorRateMinimumRequests, 1, 1_000_000);
        Pair(errors, nameof(CacheHitRateCriticalPercent), CacheHitRateCriticalPercent, nameof(CacheHitRateWarningPercent), CacheHitRateWarningPercent, 0, 99);
        errors.Range(nameof(CacheHitRateMinimumLookups), CacheHitRateMinimumLookups, 1, 1_000_000);
        Pair(errors, nameof(CpuWarningPercent), CpuWarningPercent, nameof(CpuCriticalPercent), CpuCriticalPercent, 1, 100);
        Pair(errors, nameof(MemoryWarningPercent), MemoryWarningPercent, nameof(MemoryCriticalPercent), MemoryCriticalPercent, 1, 100);
        Pair(errors, nameof(DiskWarningPercent), DiskWarningPercent, nameof(DiskCriticalPercent), DiskCriticalPercent, 1, 100);
        Pair(errors, nameof(TaskProcessingTimeWarning), TaskProcessingTimeWarning, nameof(TaskProcessingTimeCritical), TaskProcessingTimeCritical ?? LongestTime, ShortestTime, LongestTime);
    }

    private static void Pair<T>(OptionsErrors errors, string warningKey, T warning, string criticalKey, T critical, T minimum, T maximum)
        where T : IComparable<T>, IFormattable
    {
        errors.Range(warningKey, warning, minimum, maximum);
        errors.Range(criticalKey, critical, minimum, maximum);
        errors.Require(
            warning.CompareTo(critical) <= 0,
            warningKey,
            warning,
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"at most {criticalKey}, which is {critical}"));
    }
}
