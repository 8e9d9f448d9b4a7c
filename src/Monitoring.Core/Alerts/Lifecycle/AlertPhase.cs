namespace Monitoring.Alerts.Lifecycle;

/// <summary>Where a series is in its life.</summary>
internal enum AlertPhase
{
    Quiet,
    Firing,

    /// <summary>Resolved by hand while its condition still holds.</summary>
    Muted,
}
