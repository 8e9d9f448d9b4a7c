namespace Monitoring.Alerts.Lifecycle;

/// <summary>What can happen to a series: the inputs of the machine.</summary>
internal enum AlertInput
{
    /// <summary>Its condition holds.</summary>
    Breach,

    /// <summary>Its value is not bad enough to raise an alert, and not good enough to end one.</summary>
    Hold,

    /// <summary>Its condition is gone; it gives no data, and its rule says that this is the same.</summary>
    Clear,

    /// <summary>It gives no data, and its rule says that this is neither good nor bad.</summary>
    NoDataKeeps,

    /// <summary>It gives no data, and its rule says that this is bad.</summary>
    NoDataAlerts,

    /// <summary>Its source could not be read.</summary>
    Unknown,

    /// <summary>Somebody resolves it.</summary>
    Resolve,

    /// <summary>Somebody acknowledges it.</summary>
    Acknowledge,

    /// <summary>Its rule is no more.</summary>
    Remove,
}
