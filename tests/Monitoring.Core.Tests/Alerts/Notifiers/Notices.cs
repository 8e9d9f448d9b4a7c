using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>One alert at the stations of its life.</summary>
internal static class Notices
{
    public static Alert Bare { get; } = new()
    {
        Key = "backpressure",
        Rule = "backpressure",
        Category = AlertCategory.TaskQueue,
        State = AlertState.Firing,
        Severity = AlertSeverity.Warning,
        Message = "Queue: backpressure is elevated.",
        Metric = "backpressure",
    };

    public static Alert Firing { get; } = new()
    {
        Key = "redis-operation-latency.get",
        Rule = "redis-operation-latency",
        Instance = "GET",
        Category = AlertCategory.Redis,
        State = AlertState.Firing,
        Severity = AlertSeverity.Warning,
        Message = "Redis GET: 95th percentile of latency is 120 ms; the warning threshold is 100 ms.",
        Metric = "redis-operation-latency",
        Value = 120,
        PeakValue = 120,
        Threshold = 100,
        Unit = "ms",
        StartedAt = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
        LastSeenAt = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
        Occurrences = 1,
        Context = new Dictionary<string, string> { ["Slowest"] = "130 ms" },
    };

    public static Alert Escalated { get; } = Firing with { Severity = AlertSeverity.Critical, PreviousSeverity = AlertSeverity.Warning, Value = 700, PeakValue = 700, Threshold = 500 };

    public static Alert Resolved { get; } = Escalated with
    {
        State = AlertState.Resolved,
        Resolution = AlertResolution.Manual,
        ResolvedAt = new DateTimeOffset(2026, 1, 1, 12, 5, 0, TimeSpan.Zero),
        ResolvedBy = "ada",
        ResolutionNote = "scaled up",
    };
}

/// <summary>Notices of one alert.</summary>
internal static class NoticeExtensions
{
    /// <summary>Tells a notifier of one alert, as the outbox would.</summary>
    public static Task<string?> NotifyAsync(this IAlertNotifier notifier, Alert alert, CancellationToken cancellationToken) =>
        notifier.NotifyAsync(Of(alert), cancellationToken);

    private static AlertNotice Of(Alert alert) => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        CreatedAt = alert.LastSeenAt,
        Group = new Dictionary<string, string> { ["alertname"] = alert.Rule },
        Entries =
        [
            new AlertNoticeEntry(alert, alert switch
            {
                { State: AlertState.Resolved } => AlertNoticeReason.Resolved,
                { PreviousSeverity: not null } => AlertNoticeReason.SeverityChanged,
                _ => AlertNoticeReason.Firing,
            }),
        ],
    };
}
