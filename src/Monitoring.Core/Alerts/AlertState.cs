namespace Monitoring.Alerts;

/// <summary>Where an alert is in its life.</summary>
public enum AlertState
{
    /// <summary>Its condition holds, or has not been gone for long enough.</summary>
    Firing,

    /// <summary>It is over; see <see cref="Alert.Resolution"/>.</summary>
    Resolved,
}
