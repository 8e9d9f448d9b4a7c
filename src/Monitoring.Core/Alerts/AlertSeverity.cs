namespace Monitoring.Alerts;

/// <summary>How urgent an alert is; a greater value is more urgent.</summary>
public enum AlertSeverity
{
    /// <summary>Somebody should look during the day.</summary>
    Warning = 1,

    /// <summary>Somebody should look now.</summary>
    Critical = 2,
}
