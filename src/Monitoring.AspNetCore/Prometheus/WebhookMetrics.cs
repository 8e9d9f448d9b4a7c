using Monitoring.Webhooks;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>Webhooks: by endpoint and by phase, as many as the options admit, the others <c>OTHER</c>.</summary>
internal static class WebhookMetrics
{
    public static readonly Metric Duration = new(
        "monitoring_webhook_duration_seconds", MetricType.Histogram, "seconds", "Time of webhooks, by the targets of 500 ms and 2 s.", "endpoint");

    public static readonly Metric LastMinute = new(
        "monitoring_webhook_requests_last_minute", MetricType.Gauge, "", "Webhooks in the last minute: what the percentiles are of.", "endpoint");

    public static readonly Metric P50 = new(
        "monitoring_webhook_duration_p50_seconds", MetricType.Gauge, "seconds", "Median time of webhooks in the last minute.", "endpoint");

    public static readonly Metric P95 = new(
        "monitoring_webhook_duration_p95_seconds", MetricType.Gauge, "seconds", "95th percentile of the time of webhooks in the last minute.", "endpoint");

    public static readonly Metric P99 = new(
        "monitoring_webhook_duration_p99_seconds", MetricType.Gauge, "seconds", "99th percentile of the time of webhooks in the last minute.", "endpoint");

    public static readonly Metric Phase = new(
        "monitoring_webhook_phase_duration_seconds", MetricType.Summary, "seconds", "Time of webhooks in a phase, phases within it included.", "phase");

    public static readonly Metric PhaseSelf = new(
        "monitoring_webhook_phase_self_seconds", MetricType.Counter, "seconds", "Time of webhooks in a phase, without phases within it.", "phase");

    public static readonly Metric PhaseP95 = new(
        "monitoring_webhook_phase_duration_p95_seconds", MetricType.Gauge, "seconds", "95th percentile of the time in a phase in the last minute.", "phase");

    public static readonly Metric Objective = new(
        "monitoring_webhook_objective_ratio", MetricType.Gauge, "ratio", "Share of webhooks that are to be handled within the target of the objective, 0 to 1.");

    public static readonly Metric ObjectiveTarget = new(
        "monitoring_webhook_objective_target_seconds", MetricType.Gauge, "seconds", "Time within which the objective wants webhooks handled.");

    public static readonly Metric ObjectiveMisses = new(
        "monitoring_webhook_objective_misses", MetricType.Counter, "", "Webhooks that took longer than the target of the objective.");

    public static readonly Metric ErrorBudget = new(
        "monitoring_webhook_error_budget_ratio", MetricType.Gauge, "ratio", "What is left of the error budget of 30 days, or since the start, 0 to 1.");

    public static readonly Metric BurnRate = new(
        "monitoring_webhook_burn_rate", MetricType.Gauge, "", "How many times faster than it may the error budget is used up.", "window");

    public static readonly Metric BurnCount = new(
        "monitoring_webhook_burn_rate_requests", MetricType.Gauge, "", "Webhooks in the window: what the burn rate is of.", "window");

    public static IReadOnlyList<Metric> All { get; } =
    [
        Duration, LastMinute, P50, P95, P99, Phase, PhaseSelf, PhaseP95, Objective, ObjectiveTarget, ObjectiveMisses, ErrorBudget, BurnRate, BurnCount,
    ];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
        var totals = monitor.Webhooks.GetTotals();
        var phaseTotals = monitor.Webhooks.GetPhaseTotals();
        var minute = monitor.GetWebhookTimingSummary(Exposition.Window);

        writer.Begin(Duration);
        foreach (var endpoint in totals)
        {
            writer.Histogram([("0.5", endpoint.Within500Ms), ("2.0", endpoint.Within2S)], endpoint.Latency.Count, endpoint.Latency.Seconds, endpoint.Name);
        }

        Endpoints(LastMinute, static endpoint => endpoint.Count);
        Endpoints(P50, static endpoint => endpoint.P50.TotalSeconds);
        Endpoints(P95, static endpoint => endpoint.P95.TotalSeconds);
        Endpoints(P99, static endpoint => endpoint.P99.TotalSeconds);

        writer.Begin(Phase);
        foreach (var phase in phaseTotals)
        {
            writer.Summary(phase.Wall.Count, phase.Wall.Seconds, phase.Name);
        }

        writer.Each(PhaseSelf, phaseTotals, static phase => phase.Name, static phase => (double)phase.SelfTicks / TimeSpan.TicksPerSecond);
        writer.Each(PhaseP95, minute.Phases, static phase => phase.Name, static phase => phase.P95.TotalSeconds);

        var objective = minute.Objective;
        writer.Begin(Objective);
        writer.Sample(objective.ObjectivePercent / 100);
        writer.Begin(ObjectiveTarget);
        writer.Sample(objective.Target.TotalSeconds);
        writer.Begin(ObjectiveMisses);
        writer.Sample(monitor.Webhooks.ObjectiveMisses);
        writer.Begin(ErrorBudget);
        writer.Sample(objective.ErrorBudgetRemainingPercent / 100);
        writer.Each(BurnRate, objective.BurnRates, static burn => NameOf(burn.Window), static burn => burn.Rate);
        writer.Each(BurnCount, objective.BurnRates, static burn => NameOf(burn.Window), static burn => burn.Count);

        void Endpoints(Metric metric, Func<WebhookEndpointSummary, double?> value) => writer.Each(metric, minute.Endpoints, static endpoint => endpoint.Endpoint, value);
    }

    /// <summary>A window as the label has it.</summary>
    public static string NameOf(TimeSpan window) => window switch
    {
        { TotalDays: >= 1 } => $"{window.Days}d",
        { TotalHours: >= 1 } => $"{window.Hours}h",
        _ => $"{window.Minutes}m",
    };
}
