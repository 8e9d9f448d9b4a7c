namespace Monitoring.Alerts;

/// <summary>What can keep an alert quiet.</summary>
public enum AlertSuppressionReason
{
    /// <summary>A silence that somebody set.</summary>
    Silence,

    /// <summary>A maintenance window.</summary>
    Maintenance,

    /// <summary>Another alert that is its cause.</summary>
    Inhibition,
}
