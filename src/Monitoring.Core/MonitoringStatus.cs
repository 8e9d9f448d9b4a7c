namespace Monitoring;

/// <summary>How the service fares as a whole, by the worst that matters.</summary>
public enum MonitoringStatus
{
    /// <summary>Nothing has been evaluated yet.</summary>
    Unknown,

    /// <summary>Nothing is wrong, and there was nothing to do.</summary>
    Idle,

    /// <summary>Nothing is wrong.</summary>
    Healthy,

    /// <summary>An alert warns.</summary>
    Warning,

    /// <summary>A critical alert is active.</summary>
    Critical,
}
