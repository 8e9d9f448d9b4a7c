namespace Monitoring.Alerts;

/// <summary>Where an alert is in its life. One that is firing, recovering or without data is active.</summary>
public enum AlertState
{
    /// <summary>Its condition holds, but not yet for as long as its rule asks for (<c>For</c>): nobody is told.</summary>
    Pending,

    /// <summary>Its condition holds.</summary>
    Firing,

    /// <summary>Its condition is gone, but not yet for long enough (<c>KeepFiringFor</c>): it still counts as active.</summary>
    Recovering,

    /// <summary>Its series gives no data any more, and its rule says that this is not the same as being well.</summary>
    NoData,

    /// <summary>It is over; see <see cref="Alert.Resolution"/>.</summary>
    Resolved,
}
