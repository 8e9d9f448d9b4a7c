namespace Monitoring.Alerts;

/// <summary>What can happen to an alert.</summary>
public enum AlertEventKind
{
    /// <summary>Its condition began to hold.</summary>
    Pending,

    /// <summary>It began to fire.</summary>
    Fired,

    /// <summary>It became more or less severe while it fired.</summary>
    SeverityChanged,

    /// <summary>Its condition is gone; it is resolved if that lasts.</summary>
    Recovering,

    /// <summary>Its condition came back before it was resolved.</summary>
    Relapsed,

    /// <summary>Its series gives no data any more.</summary>
    NoData,

    /// <summary>It comes and goes too often: it stays up until it has been quiet for long.</summary>
    Flapping,

    /// <summary>Somebody has taken note of it.</summary>
    Acknowledged,

    /// <summary>Nobody had acknowledged it in time; those whom this is for are told.</summary>
    Escalated,

    /// <summary>A silence, a maintenance window or another alert keeps it quiet.</summary>
    Suppressed,

    /// <summary>Nothing keeps it quiet any more.</summary>
    Unsuppressed,

    /// <summary>It is over.</summary>
    Resolved,
}
