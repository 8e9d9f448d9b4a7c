using Monitoring.Alerts;
using Monitoring.Alerts.Rules;
using Monitoring.CircuitBreakers;
using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring;

/// <summary>
/// Judges the four places that are watched. Each has the alerts of some categories, those that are kept quiet too: a silence spares
/// people the notice, it heals nothing. Requests are with the webhooks, circuits of Redis and caches with Redis; services, queries,
/// other circuits and what the application measures with the system. So every alert is in one of them.
/// </summary>
internal static class Lanes
{
    private const string Redis = "redis";

    /// <summary>All of them, in the order in which work goes through them.</summary>
    public static IReadOnlyList<Lane> Of(IPerformanceMonitor monitor)
    {
        var isEvaluated = Overview.IsEvaluated(monitor);
        var alerts = monitor.GetActiveAlerts().ToLookup(LaneOf);
        var held = monitor.Alerts.GetHeld().ToLookup(LaneOf);
        var thresholds = monitor.Alerts.Options.Thresholds;
        return
        [
            Judge(LaneName.Webhooks, MetricNames.WebhookResponseTime, Of(thresholds.WebhookResponseTimeWarning, thresholds.WebhookResponseTimeCritical)),
            Judge(LaneName.Redis, HistoryMetrics.RedisLatency, Of(thresholds.RedisLatencyWarning, thresholds.RedisLatencyCritical)),
            Judge(LaneName.Queue, MetricNames.TaskQueueDepth, DepthThresholds(monitor, thresholds)),
            Judge(LaneName.System, MetricNames.CpuUsage, (thresholds.CpuWarningPercent, thresholds.CpuCriticalPercent)),
        ];

        Lane Judge(LaneName name, string metric, (double? Warning, double? Critical) limits)
        {
            var (status, reason, since) = isEvaluated
                ? Lanes.Judge(monitor, name, [.. alerts[name]], [.. held[name]])
                : (MonitoringStatus.Unknown, Overview.NotEvaluated, null);
            return new Lane(name, status, reason, since, metric, HistoryMetrics.UnitOf(metric) ?? "", limits.Warning, limits.Critical);
        }
    }

    private static (MonitoringStatus Status, string Reason, DateTimeOffset? Since) Judge(IPerformanceMonitor monitor, LaneName name, IReadOnlyList<Alert> alerts, IReadOnlyList<Alert> held)
    {
        var open = name == LaneName.Redis ? OpenCircuits(monitor) : [];
        if (alerts.Count == 0 && open.Count == 0)
        {
            return WasBusy(monitor, name)
                ? (MonitoringStatus.Healthy, $"No alert {About(name)} is active.{Overview.TellHeld(held)}", null)
                : (MonitoringStatus.Idle, $"{Quiet(name)}{Overview.TellHeld(held)}", null);
        }

        // They come the most severe first, and of those the oldest.
        var severity = open.Count > 0 ? AlertSeverity.Critical : alerts[0].Severity;
        var worst = alerts.TakeWhile(alert => alert.Severity == severity).ToList();
        var since = worst.Select(static alert => alert.StartedAt).Concat(open.Select(static circuit => circuit.Since)).Min();

        // An open circuit says what the alert about it says, and in plainer words.
        var told = open.Select(static circuit => circuit.Sentence).ToList();
        var others = alerts.Count - alerts.Count(alert => alert.Metric == MetricNames.CircuitState && open.Any(circuit => alert.Instance == AlertText.Name(circuit.Name)));
        if (told.Count == 0)
        {
            told.Add(Tell(worst));
            others--;
        }

        var rest = others switch
        {
            0 => "",
            1 => " 1 more alert is active.",
            var count => $" {count} more alerts are active.",
        };
        return (severity == AlertSeverity.Critical ? MonitoringStatus.Critical : MonitoringStatus.Warning, string.Join(' ', told) + rest, since);
    }

    /// <summary>The most severe first, and of those the one that explains most: it still holds, nothing else explains it, and it is about more than one of many.</summary>
    public static IEnumerable<Alert> MostTellingFirst(IEnumerable<Alert> alerts) =>
        alerts.OrderByDescending(static alert => alert.Severity)
            .ThenBy(static alert => alert.State == AlertState.Recovering)
            .ThenBy(static alert => alert.Suppression?.Reason == AlertSuppressionReason.Inhibition)
            .ThenByDescending(static alert => alert.Category == AlertCategory.CircuitBreaker)
            .ThenByDescending(static alert => alert.Instance is null)
            .ThenBy(static alert => alert.StartedAt);

    private static string Tell(IEnumerable<Alert> worst)
    {
        var first = MostTellingFirst(worst).First();
        return $"{first.Message.TrimEnd('.')}.{(first.State == AlertState.Recovering ? " It is over if that lasts." : "")}";
    }

    private static LaneName LaneOf(Alert alert) => alert.Category switch
    {
        AlertCategory.Webhook or AlertCategory.Request => LaneName.Webhooks,
        AlertCategory.Redis or AlertCategory.Cache => LaneName.Redis,
        AlertCategory.CircuitBreaker when alert.Labels.GetValueOrDefault(MetricReading.DependencyLabel, Redis) == Redis => LaneName.Redis,
        AlertCategory.TaskQueue => LaneName.Queue,
        _ => LaneName.System,
    };

    private static List<(string Name, string Sentence, DateTimeOffset Since)> OpenCircuits(IPerformanceMonitor monitor)
    {
        var now = monitor.TimeProvider.GetUtcNow();
        return
        [
            .. monitor.CircuitBreakers.GetSummaries()
                .Where(static circuit => circuit.State is CircuitState.Open or CircuitState.Isolated)
                .Where(circuit => monitor.CircuitBreakers.Find(circuit.Name)?.Labels is not { } labels || labels.GetValueOrDefault(MetricReading.DependencyLabel, Redis) == Redis)
                .OrderByDescending(static circuit => circuit.TimeInState)
                .Select(circuit => (circuit.Name, Sentence(circuit), now - circuit.TimeInState)),
        ];

        static string Sentence(CircuitBreakerSummary circuit) => circuit.State == CircuitState.Open
            ? $"Circuit {AlertText.Name(circuit.Name)} is open: calls fail at once."
            : $"Circuit {AlertText.Name(circuit.Name)} was isolated by hand: calls fail at once.";
    }

    private static bool WasBusy(IPerformanceMonitor monitor, LaneName name)
    {
        var window = Overview.RealTimeWindow;
        return name switch
        {
            LaneName.Webhooks => monitor.Webhooks.Read(window).Count > 0 || monitor.Requests.ReadOutcomes(window).Any(static endpoint => endpoint.Latency.Count > 0),
            LaneName.Redis => monitor.Redis.ReadCommands(window).Any(static command => command.Count > 0),
            LaneName.Queue => monitor.TaskQueue.GetSummary(window) is { Enqueued: > 0 } or { Completed: > 0 } or { Failed: > 0 } or { BusyWorkers: > 0 } or { CurrentDepth: > 0 },
            _ => monitor.SystemResources.GetSummary(window).SampledAt is not null,
        };
    }

    private static string About(LaneName name) => name switch
    {
        LaneName.Webhooks => "about webhooks or requests",
        LaneName.Redis => "about Redis",
        LaneName.Queue => "about background tasks",
        _ => "about the process, its machine or its services",
    };

    private static string Quiet(LaneName name) => name switch
    {
        LaneName.Webhooks => "No webhook and no request was handled in the last five minutes.",
        LaneName.Redis => "Nothing was asked of Redis in the last five minutes.",
        LaneName.Queue => "No background task was queued or run in the last five minutes.",
        _ => "Processor and memory are not measured.",
    };

    // What the rule of the depth goes by where there is one queue; of several the one whose limits are the lowest counts.
    private static (double? Warning, double? Critical) DepthThresholds(IPerformanceMonitor monitor, AlertThresholds thresholds)
    {
        var capacity = monitor.TaskQueue.LeastCapacity;
        return (
            DefaultAlertRules.Lower(thresholds.QueueDepthWarning, thresholds.QueueDepthWarningPercent, capacity),
            DefaultAlertRules.Lower(thresholds.QueueDepthCritical, thresholds.QueueDepthCriticalPercent, capacity));
    }

    private static (double? Warning, double? Critical) Of(TimeSpan warning, TimeSpan critical) => (warning.TotalMilliseconds, critical.TotalMilliseconds);
}
