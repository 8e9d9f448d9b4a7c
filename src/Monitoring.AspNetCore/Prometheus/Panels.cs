namespace Monitoring.AspNetCore.Prometheus;

/// <summary>What the dashboard shows, row by row.</summary>
internal static class Panels
{
    private const string Selected = "job=~\"$job\",instance=~\"$instance\"";

    public static IReadOnlyList<(string Row, Panel[] Panels)> Rows { get; } =
    [
        ("Overview",
        [
            Number("Critical alerts", "none", $"sum({Of(AlertMetrics.Alerts, "severity=\"critical\",state!=\"pending\"")}) or vector(0)"),
            Number("Warnings", "none", $"sum({Of(AlertMetrics.Alerts, "severity=\"warning\",state!=\"pending\"")}) or vector(0)"),
            Number("Open circuits", "none", $"sum({Of(CircuitMetrics.State)} == bool 2) or vector(0)"),
            Number("Queues that back up", "none", $"sum({Of(TaskQueueMetrics.Backpressure)} > bool 0) or vector(0)"),
            Number("Redis failures", "percentunit", $"max({Of(RedisMetrics.FailureRatio)}) or vector(0)"),
            Number("Tasks waiting", "short", $"sum({Of(TaskQueueMetrics.Depth)}) or vector(0)"),
        ]),
        ("Webhooks",
        [
            new Panel("Webhooks", "ops", ($"sum by (endpoint) ({Rate(WebhookMetrics.Duration, "_count")})", "{{endpoint}}")),
            new Panel("95th percentile", "s", ($"max by (endpoint) ({Of(WebhookMetrics.P95)})", "{{endpoint}}")),
            new Panel("Median and 99th percentile", "s",
                ($"max by (endpoint) ({Of(WebhookMetrics.P50)})", "{{endpoint}} median"),
                ($"max by (endpoint) ({Of(WebhookMetrics.P99)})", "{{endpoint}} 99th")),
            new Panel("Within 500 ms and 2 s", "percentunit",
                ($"sum by (endpoint, le) ({Rate(WebhookMetrics.Duration, "_bucket", "le!=\"+Inf\"")}) / ignoring (le) group_left sum by (endpoint) ({Rate(WebhookMetrics.Duration, "_count")})", "{{endpoint}} within {{le}} s")),
            new Panel("Time by phase, per second", "percentunit", ($"sum by (phase) ({Rate(WebhookMetrics.PhaseSelf)})", "{{phase}}")) { IsStacked = true },
            new Panel("95th percentile by phase", "s", ($"max by (phase) ({Of(WebhookMetrics.PhaseP95)})", "{{phase}}")),
        ]),
        ("Redis",
        [
            new Panel("Operations", "ops", ($"sum by (operation) ({Rate(RedisMetrics.Operations)})", "{{operation}}")),
            new Panel("95th percentile", "s", ($"max by (operation) ({Of(RedisMetrics.P95)})", "{{operation}}")),
            new Panel("Mean latency", "s",
                ($"sum by (operation) ({Rate(RedisMetrics.Duration, "_sum")}) / sum by (operation) ({Rate(RedisMetrics.Duration, "_count")})", "{{operation}}")),
            new Panel("Failures", "ops", ($"sum by (kind) ({Rate(RedisMetrics.Failures)})", "{{kind}}")),
            new Panel("Failures by operation", "ops", ($"sum by (operation) ({Rate(RedisMetrics.OperationFailures)})", "{{operation}}")),
            new Panel("Where the time goes", "percentunit", ($"avg by (cause) ({Of(RedisMetrics.LatencyShare)})", "{{cause}}")) { IsStacked = true },
            new Panel("Commands under way", "short",
                ($"sum by (connection) ({Of(RedisServerMetrics.Unsent)})", "{{connection}} unsent"),
                ($"sum by (connection) ({Of(RedisServerMetrics.AwaitingResponse)})", "{{connection}} awaiting a reply"),
                ($"sum by (connection) ({Of(RedisServerMetrics.AwaitingCompletion)})", "{{connection}} awaiting a thread")),
            new Panel("Connections", "none",
                ($"min by (connection) ({Of(RedisServerMetrics.Connected)})", "{{connection}} connected"),
                ($"sum by (connection) (increase({Of(RedisServerMetrics.ConnectionFailures)}[$__rate_interval]))", "{{connection}} lost")),
            new Panel("Publish and subscribe", "ops", ($"sum by (channel, direction) ({Rate(RedisMetrics.PubSub)})", "{{channel}} {{direction}}")),
        ]),
        ("Redis servers",
        [
            new Panel("Memory", "bytes",
                ($"max by (server) ({Of(RedisServerMetrics.MemoryUsed)})", "{{server}}"),
                ($"max by (server) ({Of(RedisServerMetrics.MemoryLimit)})", "{{server}} limit")),
            new Panel("Commands of all clients", "ops", ($"max by (server) ({Of(RedisServerMetrics.Commands)})", "{{server}}")),
            new Panel("Busy", "percentunit", ($"max by (server) ({Of(RedisServerMetrics.Busy)})", "{{server}}")),
            new Panel("Hit rate", "percentunit", ($"min by (server) ({Of(RedisServerMetrics.HitRatio)})", "{{server}}")),
            new Panel("Evicted and expired keys", "ops",
                ($"max by (server) ({Of(RedisServerMetrics.Evictions)})", "{{server}} evicted"),
                ($"max by (server) ({Of(RedisServerMetrics.Expirations)})", "{{server}} expired")),
            new Panel("Clients", "short",
                ($"max by (server) ({Of(RedisServerMetrics.Clients)})", "{{server}}"),
                ($"max by (server) ({Of(RedisServerMetrics.BlockedClients)})", "{{server}} blocked"),
                ($"max by (server) ({Of(RedisServerMetrics.RejectedConnections)})", "{{server}} rejected")),
            new Panel("Replication", "s", ($"max by (server) ({Of(RedisServerMetrics.ReplicationSilence)})", "{{server}} silent")) { Width = 12 },
            new Panel("Stream groups", "short",
                ($"max by (stream, group) ({Of(RedisServerMetrics.StreamLag)})", "{{stream}} {{group}} unread"),
                ($"max by (stream, group) ({Of(RedisServerMetrics.StreamPending)})", "{{stream}} {{group}} pending")) { Width = 12 },
        ]),
        ("Circuits",
        [
            new Panel("State (0 closed, 1 half-open, 2 open)", "none", ($"max by (circuit) ({Of(CircuitMetrics.State)})", "{{circuit}}")),
            new Panel("Rejected calls", "ops", ($"sum by (circuit) ({Rate(CircuitMetrics.Rejections)})", "{{circuit}}")),
            new Panel("Trips and failed probes", "short",
                ($"sum by (circuit) (increase({Of(CircuitMetrics.Trips)}[$__rate_interval]))", "{{circuit}} trips"),
                ($"sum by (circuit) (increase({Of(CircuitMetrics.FailedProbes)}[$__rate_interval]))", "{{circuit}} failed probes")),
        ]),
        ("Task queues",
        [
            new Panel("Tasks waiting", "short",
                ($"sum by (queue) ({Of(TaskQueueMetrics.Depth)})", "{{queue}}"),
                ($"sum by (queue) ({Of(TaskQueueMetrics.Capacity)})", "{{queue}} capacity")),
            new Panel("Accepted and done", "ops",
                ($"sum by (queue) ({Rate(TaskQueueMetrics.Enqueued)})", "{{queue}} accepted"),
                ($"sum by (queue) ({Rate(TaskQueueMetrics.Completed)})", "{{queue}} done")),
            new Panel("Age of the oldest task", "s", ($"max by (queue) ({Of(TaskQueueMetrics.OldestAge)})", "{{queue}}")),
            new Panel("95th percentile of wait and processing", "s",
                ($"max by (queue) ({Of(TaskQueueMetrics.WaitP95)})", "{{queue}} wait"),
                ($"max by (queue) ({Of(TaskQueueMetrics.ProcessingP95)})", "{{queue}} processing")),
            new Panel("Workers' utilisation", "percentunit", ($"max by (queue) ({Of(TaskQueueMetrics.Utilization)})", "{{queue}}")),
            new Panel("Workers", "short", ($"sum by (queue, state) ({Of(TaskQueueMetrics.Workers)})", "{{queue}} {{state}}")),
            new Panel("Refused, dropped, given up, repeated", "ops",
                ($"sum by (queue, reason) ({Rate(TaskQueueMetrics.Refused)})", "{{queue}} refused: {{reason}}"),
                ($"sum by (queue) ({Rate(TaskQueueMetrics.Dropped)})", "{{queue}} dropped"),
                ($"sum by (queue) ({Rate(TaskQueueMetrics.Failed)})", "{{queue}} given up"),
                ($"sum by (queue) ({Rate(TaskQueueMetrics.Retried)})", "{{queue}} repeated")),
            new Panel("Backpressure (1 elevated, 2 severe)", "none", ($"max by (queue) ({Of(TaskQueueMetrics.Backpressure)})", "{{queue}}")),
            new Panel("Dead letters, stuck and delayed tasks", "short",
                ($"sum by (queue) ({Of(TaskQueueMetrics.DeadLetters)})", "{{queue}} dead letters"),
                ($"sum by (queue) ({Of(TaskQueueMetrics.Stuck)})", "{{queue}} stuck"),
                ($"sum by (queue) ({Of(TaskQueueMetrics.Delayed)})", "{{queue}} delayed")),
        ]),
        ("Services",
        [
            new Panel("Health (0 healthy, 1 warning, 2 critical)", "none", ($"max by (service) ({Of(ServiceMetrics.Health)})", "{{service}}")),
            new Panel("Response time", "s", ($"max by (service) ({Of(ServiceMetrics.ResponseTime)})", "{{service}}")),
            new Panel("Failed probes", "ops", ($"sum by (service) ({Rate(ServiceMetrics.Failures)})", "{{service}}")),
        ]),
        ("System",
        [
            new Panel("Processors", "percentunit",
                ($"max by (instance) ({Of(SystemMetrics.Cpu)})", "{{instance}}"),
                ($"max by (instance) ({Of(SystemMetrics.ProcessCpu)})", "{{instance}} process")),
            new Panel("Memory", "percentunit", ($"max by (instance) ({Of(SystemMetrics.Memory)})", "{{instance}}")),
            new Panel("Disks", "percentunit", ($"max by (instance, mountpoint) ({Of(SystemMetrics.Disk)})", "{{instance}} {{mountpoint}}")),
            new Panel("Memory of the process", "bytes",
                ($"max by (instance) ({Of(SystemMetrics.WorkingSet)})", "{{instance}} working set"),
                ($"max by (instance) ({Of(SystemMetrics.Heap)})", "{{instance}} managed heap")),
            new Panel("Thread pool", "short",
                ($"max by (instance) ({Of(SystemMetrics.PoolThreads)})", "{{instance}} threads"),
                ($"max by (instance) ({Of(SystemMetrics.PoolQueue)})", "{{instance}} waiting")),
            new Panel("Time in garbage collection", "percentunit", ($"max by (instance) ({Rate(SystemMetrics.Pause)})", "{{instance}}")),
        ]),
        ("Alerts",
        [
            new Panel("Alerts", "none", ($"sum by (alertname, severity, state) ({Of(AlertMetrics.Alerts)})", "{{alertname}} {{severity}} {{state}}")) { IsStacked = true },
            new Panel("Kept quiet", "none", ($"sum by (alertname, reason) ({Of(AlertMetrics.Suppressed)})", "{{alertname}} {{reason}}")) { IsStacked = true },
            new Panel("Channels", "short",
                ($"sum by (notifier) (increase({Of(AlertMetrics.Delivered)}[$__rate_interval]))", "{{notifier}} delivered"),
                ($"sum by (notifier, reason) (increase({Of(AlertMetrics.NotDelivered)}[$__rate_interval]))", "{{notifier}} failed: {{reason}}"),
                ($"sum by (notifier) (increase({Of(AlertMetrics.FailedAttempts)}[$__rate_interval]))", "{{notifier}} failed attempts"),
                ($"sum by (notifier) ({Of(AlertMetrics.Pending)})", "{{notifier}} pending")),
        ]),
        ("The monitor itself",
        [
            new Panel("Internal errors", "short", ($"sum by (instance) (increase({Of(SelfMetrics.InternalErrors)}[$__rate_interval]))", "{{instance}}")),
            new Panel("Full tables", "short", ($"sum by (instance, table) (increase({Of(SelfMetrics.Overflow)}[$__rate_interval]))", "{{instance}} {{table}}")),
            new Panel("Time of a scrape", "s", ($"max by (instance) ({Of(SelfMetrics.Scrape)})", "{{instance}}")),
        ]),
    ];

    private static Panel Number(string title, string unit, string expression) => new(title, unit, (expression, "")) { Type = "stat", Width = 4 };

    private static string Of(Metric metric, string more = "") => Of(metric.SampleName, more);

    private static string Of(string name, string more) => $"{name}{{{Selected}{(more.Length > 0 ? "," : "")}{more}}}";

    private static string Rate(Metric metric, string suffix = "", string more = "") => $"rate({Of(metric.SampleName + suffix, more)}[$__rate_interval])";
}
