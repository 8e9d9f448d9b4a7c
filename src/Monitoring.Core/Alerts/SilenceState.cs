namespace Monitoring.Alerts;

/// <summary>Where a silence is in its time.</summary>
public enum SilenceState
{
    /// <summary>It has yet to begin.</summary>
    Pending,

    /// <summary>It keeps alerts quiet.</summary>
    Active,

    /// <summary>It is over.</summary>
    Ended,
}
