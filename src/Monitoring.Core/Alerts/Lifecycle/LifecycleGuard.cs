namespace Monitoring.Alerts.Lifecycle;

/// <summary>What must be true besides for a row of the table to apply.</summary>
internal enum LifecycleGuard
{
    Always,

    /// <summary>The condition has held for as long as its rule asks for (<c>For</c>).</summary>
    ForIsOver,

    /// <summary>The condition has been gone for <c>KeepFiringFor</c>, or for <c>FlapWindow</c> where the alert flaps.</summary>
    QuietForLong,

    /// <summary>The condition is worse than it was, or has been less bad for <c>KeepFiringFor</c>.</summary>
    SeverityDiffers,

    /// <summary>The alert was resolved by hand <c>ReopenAfter</c> ago.</summary>
    ReopenIsDue,
}
