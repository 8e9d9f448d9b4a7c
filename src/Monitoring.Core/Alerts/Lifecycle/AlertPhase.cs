namespace Monitoring.Alerts.Lifecycle;

/// <summary>Where a series is in its life: the states of the machine.</summary>
internal enum AlertPhase
{
    /// <summary>Nothing is wrong.</summary>
    Inactive,

    /// <summary>Its condition holds, but not yet for long enough.</summary>
    Pending,

    /// <summary>Its condition holds.</summary>
    Firing,

    /// <summary>Its condition is gone, but not yet for long enough.</summary>
    Recovering,

    /// <summary>It is active, and its series gives no data.</summary>
    NoData,

    /// <summary>Resolved by hand: silent until its condition has cleared once, or has held for too long.</summary>
    Held,
}
