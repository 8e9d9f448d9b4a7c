namespace Monitoring.Alerts;

/// <summary>Why a channel is told of an alert.</summary>
public enum AlertNoticeReason
{
    /// <summary>It fires.</summary>
    Firing,

    /// <summary>Its severity has changed since the channel was told.</summary>
    SeverityChanged,

    /// <summary>It still fires, and the channel was told long ago.</summary>
    Reminder,

    /// <summary>Nobody has acknowledged it in time.</summary>
    Escalated,

    /// <summary>It is over.</summary>
    Resolved,

    /// <summary>It fired and was over before the channel could be told of either.</summary>
    FiredAndResolved,
}
