using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts.Suppression;

/// <summary>Alerts as they are needed to be kept quiet.</summary>
internal static class SomeAlert
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Alert Of(string rule, string? instance = null, AlertSeverity severity = AlertSeverity.Warning, AlertCategory category = AlertCategory.Application, int age = 0) => new()
    {
        Key = instance is null ? rule : $"{rule}.{instance}",
        Rule = rule,
        Instance = instance,
        Category = category,
        Severity = severity,
        Metric = $"{rule}-metric",
        Message = "",
        State = AlertState.Firing,
        StartedAt = Start.AddSeconds(-age),
    };
}
