namespace Monitoring.Alerts.Lifecycle;

/// <summary>What a step did to a series.</summary>
internal enum AlertEffect
{
    None,

    /// <summary>Its condition began to hold.</summary>
    Pended,

    /// <summary>Its condition did not hold for long enough.</summary>
    Cancelled,

    /// <summary>A new alert.</summary>
    Fired,

    SeverityChanged,
    Recovering,

    /// <summary>The condition is back, or its data are.</summary>
    Relapsed,

    LostData,
    Acknowledged,

    /// <summary>The alert is over.</summary>
    Resolved,

    /// <summary>What kept a series quiet after its alert had been resolved by hand is over: it may fire again.</summary>
    Rearmed,
}
