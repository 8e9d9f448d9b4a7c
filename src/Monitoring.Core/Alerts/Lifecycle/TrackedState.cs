namespace Monitoring.Alerts.Lifecycle;

/// <summary>What is known of a series at one moment. Immutable.</summary>
/// <param name="Lifecycle">Where it is in its life.</param>
/// <param name="Alert">What is shown: the pending or active alert, or the one that was resolved by hand; null while nothing is wrong.</param>
internal sealed record TrackedState(AlertLifecycle Lifecycle, Alert? Alert)
{
    public static readonly TrackedState Quiet = new(AlertLifecycle.Quiet, null);
}
