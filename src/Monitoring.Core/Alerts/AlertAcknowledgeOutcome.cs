namespace Monitoring.Alerts;

/// <summary>What became of the wish to acknowledge an alert.</summary>
public enum AlertAcknowledgeOutcome
{
    /// <summary>The alert is acknowledged now.</summary>
    Acknowledged,

    /// <summary>Somebody had acknowledged it before; that stays.</summary>
    AlreadyAcknowledged,

    /// <summary>The alert is known, and is over.</summary>
    AlreadyResolved,

    /// <summary>No alert of that key is active or among the resolved ones that are kept.</summary>
    NotFound,
}
