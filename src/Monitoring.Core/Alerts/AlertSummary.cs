namespace Monitoring.Alerts;

/// <summary>How many alerts are active.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Warning">Those that are warnings.</param>
/// <param name="Critical">Those that are critical.</param>
public readonly record struct AlertSummary(int Total, int Warning, int Critical)
{
    /// <summary>Counts a list of alerts, such as the one of <see cref="AlertManager.GetActive"/>.</summary>
    public static AlertSummary Of(IReadOnlyList<Alert> active)
    {
        ArgumentNullException.ThrowIfNull(active);
        var critical = active.Count(static alert => alert.Severity == AlertSeverity.Critical);
        return new AlertSummary(active.Count, active.Count - critical, critical);
    }
}
