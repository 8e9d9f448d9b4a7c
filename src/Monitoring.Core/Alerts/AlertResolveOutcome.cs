namespace Monitoring.Alerts;

/// <summary>What became of the wish to resolve an alert by hand.</summary>
public enum AlertResolveOutcome
{
    /// <summary>The alert was active and is resolved now.</summary>
    Resolved,

    /// <summary>The alert is known, and somebody or something resolved it before.</summary>
    AlreadyResolved,

    /// <summary>No alert of that key is active or among the resolved ones that are kept.</summary>
    NotFound,
}
