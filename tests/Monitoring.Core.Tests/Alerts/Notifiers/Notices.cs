using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>One alert at the stations of its life, and what channels are told of it.</summary>
internal static class Notices
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

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
        Id = "0198c0ffee",
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
        StartedAt = Noon,
        LastSeenAt = Noon,
        Occurrences = 1,
        Context = new Dictionary<string, string> { ["Slowest"] = "130 ms" },
    };

    public static Alert Escalated { get; } = Firing with { Severity = AlertSeverity.Critical, PreviousSeverity = AlertSeverity.Warning, Value = 700, PeakValue = 700, Threshold = 500 };

    public static Alert Resolved { get; } = Escalated with
    {
        State = AlertState.Resolved,
        Resolution = AlertResolution.Manual,
        ResolvedAt = Noon + TimeSpan.FromMinutes(5),
        ResolvedBy = "ada",
        ResolutionNote = "scaled up",
    };

    public static AlertDigest Digest { get; } = new(12_345, 7, Noon, Noon + TimeSpan.FromHours(2), new Dictionary<string, long> { ["redis-operation-latency"] = 12_000, ["queue-depth"] = 345 });

    public static AlertNotice Test { get; } = Of() with { IsTest = true };

    /// <summary>A notice of alerts, each with the reason that its state suggests.</summary>
    public static AlertNotice Of(params Alert[] alerts) => Of(alerts.Select(static alert => new AlertNoticeEntry(alert, alert switch
    {
        { State: AlertState.Resolved } => AlertNoticeReason.Resolved,
        { PreviousSeverity: not null } => AlertNoticeReason.SeverityChanged,
        _ => AlertNoticeReason.Firing,
    })));

    public static AlertNotice Of(IEnumerable<AlertNoticeEntry> entries) => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        CreatedAt = Noon,
        Group = new Dictionary<string, string> { ["alertname"] = "redis-operation-latency" },
        Entries = [.. entries],
    };

    /// <summary>As many alerts as there may be, each of its own instance, some of them over.</summary>
    public static AlertNotice Many(int count, string? message = null) => Of([.. Enumerable.Range(0, count).Select(number =>
        (number % 3 == 2 ? Resolved : number % 3 == 1 ? Escalated : Firing) with { Key = $"redis-operation-latency.{number:00000}", Instance = $"{number}", Message = message ?? Firing.Message })]);

    /// <summary>Tells a notifier of one alert, as the outbox would.</summary>
    public static Task<string?> NotifyAsync(this IAlertNotifier notifier, Alert alert, CancellationToken cancellationToken) =>
        notifier.NotifyAsync(Of(alert), cancellationToken);
}
