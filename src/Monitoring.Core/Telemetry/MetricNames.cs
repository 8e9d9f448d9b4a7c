namespace Monitoring.Telemetry;

/// <summary>The series that the rooms publish to alert rules.</summary>
public static class MetricNames
{
    /// <summary>95th percentile of webhook handling, milliseconds; per endpoint.</summary>
    public const string WebhookResponseTime = "webhook-response-time";

    /// <summary>95th percentile of Redis latency, milliseconds; per operation.</summary>
    public const string RedisOperationLatency = "redis-operation-latency";

    /// <summary>Failed share of Redis operations, percent.</summary>
    public const string RedisFailureRate = "redis-failure-rate";

    /// <summary>Circuit state: 0 closed, 1 half-open, 2 open or isolated; per circuit.</summary>
    public const string CircuitState = "circuit-state";

    /// <summary>Tasks waiting in the queue.</summary>
    public const string TaskQueueDepth = "task-queue-depth";

    /// <summary>Busy share of the workers, percent.</summary>
    public const string WorkerUtilization = "worker-utilization";

    /// <summary>95th percentile of task processing, milliseconds.</summary>
    public const string TaskProcessingTime = "task-processing-time";

    /// <summary>Backpressure level: 0 none, 1 elevated, 2 severe.</summary>
    public const string Backpressure = "backpressure";
}
