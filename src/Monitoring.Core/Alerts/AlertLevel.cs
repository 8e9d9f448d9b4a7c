namespace Monitoring.Alerts;

/// <summary>How badly a value breaches; the two upper levels have the values of <see cref="AlertSeverity"/>.</summary>
internal enum AlertLevel
{
    None = 0,
    Warning = AlertSeverity.Warning,
    Critical = AlertSeverity.Critical,
}
