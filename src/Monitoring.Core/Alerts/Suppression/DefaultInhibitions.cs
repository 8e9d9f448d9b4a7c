using Monitoring.Telemetry;

namespace Monitoring.Alerts.Suppression;

/// <summary>
/// What explains what without anybody having said so: while commands are refused by the circuit of a Redis, or many of them
/// fail, they are slow, and so are the webhooks, requests and tasks that need them, and requests fail. Only alerts of default rules are explained.
/// </summary>
internal static class DefaultInhibitions
{
    private static readonly string[] Behind =
    [
        MetricNames.RedisOperationLatency, MetricNames.WebhookResponseTime, MetricNames.RequestLatency, MetricNames.RequestErrorRate, MetricNames.TaskQueueDepth, MetricNames.TaskQueueOldestAge,
        MetricNames.WorkerUtilization, MetricNames.TaskProcessingTime, MetricNames.Backpressure,
    ];

    public static IReadOnlyList<InhibitionRule> All { get; } =
    [
        new([$"{AlertLabels.AlertName}={MetricNames.CircuitState}", $"{MetricReading.DependencyLabel}=redis"], [Any([.. Behind, MetricNames.RedisFailureRate])], []),
        new([$"{AlertLabels.AlertName}={MetricNames.RedisFailureRate}", $"{AlertLabels.Severity}=critical"], [Any(Behind)], []),
    ];

    private static string Any(string[] rules) => $"{AlertLabels.AlertName}=~{string.Join('|', rules)}";
}
