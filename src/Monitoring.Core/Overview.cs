using Monitoring.Alerts;
using Monitoring.CircuitBreakers;

namespace Monitoring;

/// <summary>Puts the summaries of the rooms together, and says in a sentence how it goes.</summary>
internal static class Overview
{
    /// <summary>What <see cref="IPerformanceMonitor.GetRealTimeMetrics"/> looks back at.</summary>
    public static readonly TimeSpan RealTimeWindow = TimeSpan.FromMinutes(5);

    /// <summary>The reason for a status that nobody knows.</summary>
    public const string NotEvaluated = "The alert rules have not been evaluated within the last minute.";

    private const int MostOperations = 10;
    private const int MostReasons = 3;
    private const int SecondsPerMinute = 60;

    // The loop evaluates every second; one that has not for so long is stuck, and what it said last says nothing about now.
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(1);

    /// <summary>The figures of one window.</summary>
    public static PerformanceSummary Summarize(IPerformanceMonitor monitor, TimeSpan? window)
    {
        var (status, reason) = Judge(monitor);
        var requests = monitor.GetRequestSummary(window);
        var caches = monitor.Caches.GetSummary(window);
        var webhooks = monitor.GetWebhookTimingSummary(window);
        var redis = monitor.GetRedisOperationSummary(window);
        var queues = monitor.GetTaskQueueSummary(window);
        return new PerformanceSummary
        {
            GeneratedAt = monitor.TimeProvider.GetUtcNow(),
            Window = requests.Window,
            Status = status,
            Reason = reason,
            TotalRequests = requests.Count,
            SuccessfulRequests = requests.Successes,
            SuccessRatePercent = requests.SuccessRatePercent,
            RequestsPerMinute = requests.RequestsPerSecond * SecondsPerMinute,
            ResponseTimes = new ResponseTimes(requests.Average, requests.Minimum, requests.Maximum, requests.P50, requests.P95, requests.P99),
            Cache = new CacheFigures(caches.Lookups, caches.Hits, caches.Misses, caches.HitRatePercent),
            Operations = [.. requests.Endpoints.Take(MostOperations).Select(static endpoint => new OperationShare(
                endpoint.Method is { } method ? $"{method} {endpoint.Endpoint}" : endpoint.Endpoint, endpoint.Count, endpoint.SharePercent))],
            ActiveAlerts = AlertSummary.Of(monitor.GetActiveAlerts()),
            Webhooks = new WebhookFigures(webhooks.Count, webhooks.P95, webhooks.Within500MsPercent, webhooks.Within2SPercent),
            Redis = new RedisFigures(
                redis.TotalOperations, redis.SuccessRatePercent, redis.P95, redis.CircuitBreakers.Count(static circuit => circuit.State != CircuitState.Closed)),
            TaskQueue = new TaskQueueFigures(
                queues.CurrentDepth, queues.CurrentWorkerUtilizationPercent, queues.Completed, queues.Failed, queues.Backpressure.Level),
            Measurements = monitor.Measurements.GetSummary(window),
        };
    }

    /// <summary>The last five minutes and this moment.</summary>
    public static RealTimeMetrics Now(IPerformanceMonitor monitor)
    {
        var queues = monitor.GetTaskQueueSummary(RealTimeWindow);
        var system = monitor.GetSystemSummary(RealTimeWindow);
        return new RealTimeMetrics(Summarize(monitor, RealTimeWindow))
        {
            RequestsInFlight = monitor.GetRequestSummary(RealTimeWindow).InFlight,
            BusyWorkers = queues.BusyWorkers,
            Workers = queues.Workers,
            CpuPercent = system.Cpu.UsagePercent,
            MemoryPercent = system.Memory.UsagePercent,
        };
    }

    /// <summary>The status and its reason, from alerts and from what was going on in the last five minutes.</summary>
    public static (MonitoringStatus Status, string Reason) Judge(IPerformanceMonitor monitor)
    {
        var active = monitor.GetActiveAlerts();
        var counts = AlertSummary.Of(active);
        if (!IsEvaluated(monitor))
        {
            return (MonitoringStatus.Unknown, NotEvaluated);
        }

        if (counts.Total > 0)
        {
            var status = counts.Critical > 0 ? MonitoringStatus.Critical : MonitoringStatus.Warning;
            var worst = Lanes.MostTellingFirst(active).Take(MostReasons).Select(static alert => $"{alert.Message.TrimEnd('.')}.");
            var others = counts.Total - MostReasons;
            return (status, string.Join(' ', worst) + (others > 0 ? $" {others} more." : ""));
        }

        var held = TellHeld(monitor.Alerts.GetHeld());
        return WasBusy(monitor)
            ? (MonitoringStatus.Healthy, $"No alert is active.{held}")
            : (MonitoringStatus.Idle, $"No alert is active, and nothing was asked of the service in the last five minutes.{held}");
    }

    /// <summary>Says that something is wrong although nobody is told; begins with a blank, empty when there is nothing to say.</summary>
    /// <param name="held">Alerts that were resolved by hand although their condition holds on.</param>
    public static string TellHeld(IReadOnlyList<Alert> held) => held switch
    {
        [] => "",
        [var only] => $" Resolved by hand, but not over: {only.Message.TrimEnd('.')}.",
        [var oldest, ..] => $" Resolved by hand, but not over: {oldest.Message.TrimEnd('.')}; and {held.Count - 1} more.",
    };

    /// <summary>Whether what the alert rules found last says something about now.</summary>
    public static bool IsEvaluated(IPerformanceMonitor monitor) =>
        monitor.Alerts.LastEvaluatedAt is { } last && monitor.TimeProvider.GetUtcNow() - last <= Stale;

    private static bool WasBusy(IPerformanceMonitor monitor) =>
        monitor.GetRequestSummary(RealTimeWindow).Count > 0
        || monitor.GetWebhookTimingSummary(RealTimeWindow).Count > 0
        || monitor.GetTaskQueueSummary(RealTimeWindow) is { Completed: > 0 } or { Failed: > 0 } or { BusyWorkers: > 0 };
}
