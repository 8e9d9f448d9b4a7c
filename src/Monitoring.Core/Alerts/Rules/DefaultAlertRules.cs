using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>The rules that apply without anybody having asked for them. Each bears the name of the metric that it reads.</summary>
internal static class DefaultAlertRules
{
    public static AlertRule[] From(AlertOptions options)
    {
        var hysteresis = options.HysteresisPercent / 100;
        AlertRule[] rules =
        [
            .. Latencies(options, hysteresis),
            WebhookObjectiveRule.From(hysteresis),
            .. RequestAlertRules.From(options, hysteresis),
            RedisFailures(options.Thresholds, hysteresis),
            .. RedisServerAlertRules.From(options.Thresholds, hysteresis),
            .. CacheAlertRules.From(options.Thresholds, hysteresis),
            Circuit(),
            QueueDepth(options.Thresholds, hysteresis),
            OldestTask(options.Thresholds, hysteresis),
            WorkerUtilization(options.Thresholds, hysteresis),
            Backpressure(),
            .. SystemAlertRules.From(options.Thresholds, hysteresis),
            ServiceAlertRules.Health(),
        ];
        return [.. rules.Select(rule => rule with { For = options.For, KeepFiringFor = options.KeepFiringFor })];
    }

    private static IEnumerable<AlertRule> Latencies(AlertOptions options, double hysteresis)
    {
        var t = options.Thresholds;
        var webhook = ThresholdPair.Of(t.WebhookResponseTimeWarning, t.WebhookResponseTimeCritical);
        var redis = ThresholdPair.Of(t.RedisLatencyWarning, t.RedisLatencyCritical);
        var task = ThresholdPair.Of(t.TaskProcessingTimeWarning, t.TaskProcessingTimeCritical);
        yield return Latency(MetricNames.WebhookResponseTime, AlertCategory.Webhook, webhook, "Webhook", "response time");
        yield return Latency(MetricNames.RedisOperationLatency, AlertCategory.Redis, redis, "Redis", "latency");
        yield return Latency(MetricNames.TaskProcessingTime, AlertCategory.TaskQueue, task, "Task", "processing time");

        AlertRule Latency(string metric, AlertCategory category, ThresholdPair thresholds, string subject, string measure) => new(metric, category, "ms")
        {
            Describe = reading => $"{Subject(subject, reading)}: 95th percentile of {measure} is {AlertText.Quantity(reading.Value, "ms")}",
            Thresholds = _ => thresholds,
            Windowed = true,
            MinimumCount = options.MinimumCount,
            Hysteresis = hysteresis,
        };
    }

    private static AlertRule RedisFailures(AlertThresholds t, double hysteresis) => new(MetricNames.RedisFailureRate, AlertCategory.Redis, "%")
    {
        Describe = static reading => $"{Subject("Redis", reading)}: {AlertText.Quantity(reading.Value, "%")} of the operations failed",
        Thresholds = _ => new ThresholdPair(t.RedisFailureRateWarningPercent, t.RedisFailureRateCriticalPercent),
        Windowed = true,
        MinimumCount = t.RedisFailureRateMinimumOperations,
        Hysteresis = hysteresis,
    };

    // Open (2) fires; half-open (1) does not fire by itself but keeps the alert up, for the probe has yet to succeed.
    private static AlertRule Circuit() => new(MetricNames.CircuitState, AlertCategory.CircuitBreaker, "")
    {
        Describe = static reading => $"Circuit {AlertText.Name(reading.Instance)} is {(reading.Value >= 2 ? "open and rejects calls" : reading.Value >= 1 ? "half-open and probes" : "closed")}",
        Thresholds = static _ => new ThresholdPair(ThresholdPair.Never, 2),
        Hysteresis = 0.5,
    };

    private static AlertRule QueueDepth(AlertThresholds t, double hysteresis) => new(MetricNames.TaskQueueDepth, AlertCategory.TaskQueue, "tasks")
    {
        Describe = static reading => reading.Limit is { } limit
            ? $"{Subject("Queue", reading)}: {AlertText.Quantity(reading.Value, "tasks")} are waiting where {AlertText.Quantity(limit, "tasks")} fit"
            : $"{Subject("Queue", reading)}: {AlertText.Quantity(reading.Value, "tasks")} are waiting",
        Thresholds = reading => new ThresholdPair(
            Lower(t.QueueDepthWarning, t.QueueDepthWarningPercent, reading.Limit),
            Lower(t.QueueDepthCritical, t.QueueDepthCriticalPercent, reading.Limit)),
        Hysteresis = hysteresis,
    };

    private static AlertRule OldestTask(AlertThresholds t, double hysteresis)
    {
        var thresholds = ThresholdPair.Of(t.OldestTaskAgeWarning, t.OldestTaskAgeCritical);
        return new(MetricNames.TaskQueueOldestAge, AlertCategory.TaskQueue, "ms")
        {
            Describe = static reading => $"{Subject("Queue", reading)}: the oldest task has been waiting for {AlertText.Quantity(reading.Value, "ms")}",
            Thresholds = _ => thresholds,
            Hysteresis = hysteresis,
        };
    }

    private static AlertRule WorkerUtilization(AlertThresholds t, double hysteresis) => new(MetricNames.WorkerUtilization, AlertCategory.TaskQueue, "%")
    {
        Describe = static reading => $"{Subject("Queue", reading)}: workers are busy {AlertText.Quantity(reading.Value, "%")} of the time",
        Thresholds = _ => new ThresholdPair(t.WorkerUtilizationWarningPercent, t.WorkerUtilizationCriticalPercent),
        Windowed = true,
        Hysteresis = hysteresis,
    };

    // The detector has a hysteresis of its own, and says why.
    private static AlertRule Backpressure() => new(MetricNames.Backpressure, AlertCategory.TaskQueue, "")
    {
        Describe = static reading =>
            $"{Subject("Queue", reading)}: backpressure is {(reading.Value >= 2 ? "severe" : reading.Value >= 1 ? "elevated" : "gone")}"
            + (reading is { Value: >= 1, Text: { } reason } ? $": {reason.TrimEnd('.')}" : ""),
        Thresholds = static _ => new ThresholdPair(1, 2),
    };

    internal static string Subject(string subject, in MetricReading reading) =>
        reading.Instance is null ? subject : $"{subject} {AlertText.Name(reading.Instance)}";

    // A capacity of nothing would make an empty queue a full one.
    internal static double Lower(int tasks, double percent, double? capacity) =>
        capacity is > 0 ? Math.Min(tasks, capacity.Value * percent / 100) : tasks;
}
