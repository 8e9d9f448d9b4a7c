namespace Monitoring.Alerts;

/// <summary>What became of the wish to change a silence.</summary>
public enum SilenceOutcome
{
    /// <summary>It is changed.</summary>
    Changed,

    /// <summary>It is over, and stays as it was; a new one may be added.</summary>
    AlreadyEnded,

    /// <summary>No silence has that id, or it ended long ago.</summary>
    NotFound,
}
