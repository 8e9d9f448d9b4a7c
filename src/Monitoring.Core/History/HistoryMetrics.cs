using Monitoring.Telemetry;

namespace Monitoring.History;

/// <summary>What the history keeps: names and units of its metrics. Those that alert rules watch have the names of <see cref="MetricNames"/>.</summary>
public static class HistoryMetrics
{
    /// <summary>Webhooks handled, per second.</summary>
    public const string WebhookRate = "webhook-rate";

    /// <summary>Share of the webhooks handled within 500 ms, percent.</summary>
    public const string WebhookWithinTarget = "webhook-within-target";

    /// <summary>95th percentile of all Redis operations together, milliseconds.</summary>
    public const string RedisLatency = "redis-latency";

    /// <summary>Redis operations, per second; those that an open circuit rejects are among them.</summary>
    public const string RedisRate = "redis-rate";

    /// <summary>Redis operations of one command, per second.</summary>
    public const string RedisOperationRate = "redis-operation-rate";

    /// <summary>Tasks of one priority that wait, of all queues.</summary>
    public const string TaskQueuePriorityDepth = "task-queue-priority-depth";

    /// <summary>Tasks accepted, per second.</summary>
    public const string TaskArrivalRate = "task-arrival-rate";

    /// <summary>Tasks done or given up, per second.</summary>
    public const string TaskCompletionRate = "task-completion-rate";

    /// <summary>95th percentile of how long tasks waited, milliseconds.</summary>
    public const string TaskWaitTime = "task-wait-time";

    /// <summary>Requests and other operations, per second.</summary>
    public const string RequestRate = "request-rate";

    /// <summary>How long a work item waits for the thread pool, milliseconds.</summary>
    public const string ThreadPoolQueueDelay = "thread-pool-queue-delay";

    /// <summary>Share of the time that the garbage collector stops the process, percent.</summary>
    public const string GcPause = "gc-pause";

    /// <summary>Share of the lookups in caches that found something, percent.</summary>
    public const string CacheHitRate = "cache-hit-rate";

    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        [MetricNames.WebhookResponseTime] = "ms",
        [WebhookRate] = "/s",
        [WebhookWithinTarget] = "%",
        [RedisLatency] = "ms",
        [RedisRate] = "/s",
        [MetricNames.RedisFailureRate] = "%",
        [MetricNames.RedisOperationLatency] = "ms",
        [RedisOperationRate] = "/s",
        [MetricNames.TaskQueueDepth] = "",
        [TaskQueuePriorityDepth] = "",
        [TaskArrivalRate] = "/s",
        [TaskCompletionRate] = "/s",
        [MetricNames.WorkerUtilization] = "%",
        [TaskWaitTime] = "ms",
        [MetricNames.TaskProcessingTime] = "ms",
        [MetricNames.TaskQueueOldestAge] = "ms",
        [MetricNames.RequestLatency] = "ms",
        [RequestRate] = "/s",
        [MetricNames.RequestErrorRate] = "%",
        [MetricNames.CpuUsage] = "%",
        [MetricNames.MemoryUsage] = "%",
        [MetricNames.DiskUsage] = "%",
        [ThreadPoolQueueDelay] = "ms",
        [GcPause] = "%",
        [CacheHitRate] = "%",
        [MetricNames.CircuitState] = "",
        [MetricNames.ServiceHealth] = "",
    };

    /// <summary>All names, in the order of the documentation.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Units.Keys];

    /// <summary>The unit of a metric: <c>ms</c>, <c>%</c>, <c>/s</c>, or empty for a number or a state; null for a name that is not kept.</summary>
    public static string? UnitOf(string metric) => Units.GetValueOrDefault(metric);
}
