using Monitoring.Alerts;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>Alerts by rule, not by instance: their number is bounded by that of the rules. Channels by name.</summary>
internal static class AlertMetrics
{
    public static readonly Metric Alerts = new("monitoring_alerts", MetricType.Gauge, "", "Alerts that are pending or active.", "alertname", "severity", "state");
    public static readonly Metric Suppressed = new("monitoring_alerts_suppressed", MetricType.Gauge, "", "Active alerts that are kept quiet.", "alertname", "reason");
    public static readonly Metric Overflow = new("monitoring_alerts_overflow", MetricType.Counter, "", "Evaluations that found no room for an alert, because as many were active as may be.");

    public static readonly Metric Fired = Channel("fired", "Alerts that the channel was to be told of.");
    public static readonly Metric Delivered = Channel("delivered", "Alerts that the channel was told of.");
    public static readonly Metric NotTold = new("monitoring_notifier_suppressed", MetricType.Counter, "", "Alerts that the channel was not to be told of.", "notifier", "reason");
    public static readonly Metric NotDelivered = new("monitoring_notifier_failed", MetricType.Counter, "", "Alerts that the channel could not be told of.", "notifier", "reason");
    public static readonly Metric Notices = Channel("notices", "Notices that the channel took.");
    public static readonly Metric FailedAttempts = Channel("failed_attempts", "Attempts to deliver that did not succeed.");
    public static readonly Metric Pending = new("monitoring_notifier_pending", MetricType.Gauge, "", "Alerts that the channel has yet to be told something of.", "notifier");
    public static readonly Metric IsUp = new("monitoring_notifier_up", MetricType.Gauge, "", "0 while the channel is left alone after failures, or is off until the next start; else 1.", "notifier");

    public static IReadOnlyList<Metric> All { get; } =
        [Alerts, Suppressed, Overflow, Fired, Delivered, NotTold, NotDelivered, Notices, FailedAttempts, Pending, IsUp];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
        var active = monitor.GetActiveAlerts();
        var notifiers = monitor.Alerts.GetNotifiers();

        writer.Begin(Alerts);
        foreach (var (key, count) in monitor.Alerts.GetPending().Concat(active).CountBy(static alert => (alert.Rule, alert.Severity, alert.State)))
        {
            writer.Sample(count, key.Rule, key.Severity == AlertSeverity.Critical ? "critical" : "warning", NameOf(key.State));
        }

        writer.Begin(Suppressed);
        foreach (var (key, count) in active.Where(static alert => alert.Suppression is not null).CountBy(static alert => (alert.Rule, alert.Suppression!.Reason)))
        {
            writer.Sample(count, key.Rule, NameOf(key.Reason));
        }

        writer.Begin(Overflow);
        writer.Sample(monitor.Alerts.OverflowCount);
        Each(Fired, static notifier => notifier.Fired);
        Each(Delivered, static notifier => notifier.Delivered);
        Reasons(NotTold, static notifier => notifier.Suppressed);
        Reasons(NotDelivered, static notifier => notifier.Failed);
        Each(Notices, static notifier => notifier.Notices);
        Each(FailedAttempts, static notifier => notifier.FailedAttempts);
        Each(Pending, static notifier => notifier.Pending);
        Each(IsUp, static notifier => notifier.IsCircuitOpen || notifier.IsGone ? 0 : 1);

        void Each(Metric metric, Func<AlertNotifierStatus, double?> value) => writer.Each(metric, notifiers, static notifier => notifier.Name, value);

        void Reasons(Metric metric, Func<AlertNotifierStatus, IReadOnlyDictionary<string, long>> counts)
        {
            writer.Begin(metric);
            foreach (var notifier in notifiers)
            {
                foreach (var (reason, count) in counts(notifier))
                {
                    writer.Sample(count, notifier.Name, reason);
                }
            }
        }
    }

    private static string NameOf(AlertState state) => state switch
    {
        AlertState.Pending => "pending",
        AlertState.Firing => "firing",
        AlertState.Recovering => "recovering",
        AlertState.NoData => "no_data",
        _ => "resolved",
    };

    private static string NameOf(AlertSuppressionReason reason) => reason switch
    {
        AlertSuppressionReason.Silence => "silence",
        AlertSuppressionReason.Maintenance => "maintenance",
        _ => "inhibition",
    };

    private static Metric Channel(string name, string help) => new($"monitoring_notifier_{name}", MetricType.Counter, "", help, "notifier");
}
