using Monitoring.Telemetry;

namespace Monitoring.Alerts.Suppression;

/// <summary>
/// What explains what without anybody having said so: while commands are refused by the circuit of a Redis, or many of them
/// fail, they are slow, and so are the webhooks and tasks that need them. Only alerts of default rules are explained.
/// </summary>
internal static class DefaultInhibitions
{
    /// <summary>Label of a circuit's alert: what the circuit protects.</summary>
    public const string Dependency = "dependency";

    /// <summary>The value of <see cref="Dependency"/> for circuits of Redis.</summary>
    public const string Redis = "redis";

    private static readonly string[] Behind =
    [
        MetricNames.RedisOperationLatency, MetricNames.WebhookResponseTime, MetricNames.TaskQueueDepth, MetricNames.TaskQueueOldestAge,
        MetricNames.WorkerUtilization, MetricNames.TaskProcessingTime, MetricNames.Backpressure,
    ];

    public static IReadOnlyList<InhibitionRule> All { get; } =
    [
        new([$"{AlertLabels.AlertName}={MetricNames.CircuitState}", $"{Dependency}={Redis}"], [Any([.. Behind, MetricNames.RedisFailureRate])], []),
        new([$"{AlertLabels.AlertName}={MetricNames.RedisFailureRate}", $"{AlertLabels.Severity}=critical"], [Any(Behind)], []),
    ];

    private static string Any(string[] rules) => $"{AlertLabels.AlertName}=~{string.Join('|', rules)}";
}
