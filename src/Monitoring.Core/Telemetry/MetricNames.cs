namespace Monitoring.Telemetry;

/// <summary>The series that the rooms publish to alert rules.</summary>
public static class MetricNames
{
    /// <summary>95th percentile of webhook handling, milliseconds; per endpoint.</summary>
    public const string WebhookResponseTime = "webhook-response-time";

    /// <summary>Share of webhooks that missed the declared objective, percent; its limit is the share that may. The default rule watches how fast that uses up the error budget.</summary>
    public const string WebhookObjective = "webhook-objective";

    /// <summary>95th percentile of requests and other operations, milliseconds; per endpoint and method.</summary>
    public const string RequestLatency = "request-latency";

    /// <summary>Failed share of requests and other operations, percent; what the caller did wrong (4xx) is no failure.</summary>
    public const string RequestErrorRate = "request-error-rate";

    /// <summary>95th percentile of Redis latency, milliseconds; per operation.</summary>
    public const string RedisOperationLatency = "redis-operation-latency";

    /// <summary>Failed share of Redis operations, percent.</summary>
    public const string RedisFailureRate = "redis-failure-rate";

    /// <summary>Memory of a Redis server, percent of its limit; per server that has one and does not evict any key to keep it.</summary>
    public const string RedisMemory = "redis-memory";

    /// <summary>Keys that a Redis server evicted for lack of memory, per second; per server.</summary>
    public const string RedisEvictions = "redis-evictions";

    /// <summary>Connections that a Redis server refused for <c>maxclients</c> between two polls; per server.</summary>
    public const string RedisRejectedConnections = "redis-rejected-connections";

    /// <summary>How long the slowest replica of a Redis server, or the source of one, has not been heard of, milliseconds; per server.</summary>
    public const string RedisReplicationLag = "redis-replication-lag";

    /// <summary>Share of key lookups of a Redis server that found nothing, percent: what the hit rate lacks of 100; per server that evicts keys, which is what makes it a cache.</summary>
    public const string RedisMissRate = "redis-miss-rate";

    /// <summary>Share of the lookups of a cache that found nothing, percent: what the hit rate lacks of 100; per cache.</summary>
    public const string CacheMissRate = "cache-miss-rate";

    /// <summary>Share of the reads of the monitored Redis connections that found nothing, percent. There is no default rule: not everything in Redis is a cache.</summary>
    public const string RedisLookupMissRate = "redis-lookup-miss-rate";

    /// <summary>Circuit state: 0 closed, 1 half-open, 2 open or isolated; per circuit.</summary>
    public const string CircuitState = "circuit-state";

    /// <summary>Tasks waiting in the queue.</summary>
    public const string TaskQueueDepth = "task-queue-depth";

    /// <summary>Since when the oldest task that could be taken has been waiting, milliseconds; per queue.</summary>
    public const string TaskQueueOldestAge = "task-queue-oldest-age";

    /// <summary>Busy share of the workers, percent.</summary>
    public const string WorkerUtilization = "worker-utilization";

    /// <summary>95th percentile of task processing, milliseconds.</summary>
    public const string TaskProcessingTime = "task-processing-time";

    /// <summary>Backpressure level: 0 none, 1 elevated, 2 severe.</summary>
    public const string Backpressure = "backpressure";

    /// <summary>Busy share of the processors, of the container's limit where there is one, percent.</summary>
    public const string CpuUsage = "cpu-usage";

    /// <summary>Used share of the memory, of the container's limit where there is one, percent.</summary>
    public const string MemoryUsage = "memory-usage";

    /// <summary>Used share of a disk, percent; per disk.</summary>
    public const string DiskUsage = "disk-usage";

    /// <summary>How a service fares: 0 healthy, 1 warning, 2 critical; per service that has been asked. One that is optional is 1 at most.</summary>
    public const string ServiceHealth = "service-health";
}
