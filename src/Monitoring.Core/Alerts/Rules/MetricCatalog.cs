using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>The series that the monitor itself publishes.</summary>
internal static class MetricCatalog
{
    /// <summary>All of <see cref="MetricNames"/>; a test holds that none is missing.</summary>
    public static readonly string[] Names =
    [
        MetricNames.WebhookResponseTime,
        MetricNames.RedisOperationLatency,
        MetricNames.RedisFailureRate,
        MetricNames.RedisMemory,
        MetricNames.RedisEvictions,
        MetricNames.RedisRejectedConnections,
        MetricNames.RedisReplicationLag,
        MetricNames.RedisMissRate,
        MetricNames.WebhookObjective,
        MetricNames.CacheMissRate,
        MetricNames.RedisLookupMissRate,
        MetricNames.CircuitState,
        MetricNames.TaskQueueDepth,
        MetricNames.TaskQueueOldestAge,
        MetricNames.WorkerUtilization,
        MetricNames.TaskProcessingTime,
        MetricNames.Backpressure,
        MetricNames.RequestLatency,
        MetricNames.RequestErrorRate,
        MetricNames.CpuUsage,
        MetricNames.MemoryUsage,
        MetricNames.DiskUsage,
        MetricNames.ServiceHealth,
    ];
}
