namespace Monitoring.Alerts.Lifecycle;

/// <summary>What one evaluation did to one series.</summary>
internal enum AlertTransition
{
    None,
    Fired,
    SeverityChanged,
    Resolved,

    /// <summary>The condition behind a manually resolved alert has cleared: it may fire again.</summary>
    Rearmed,
}
