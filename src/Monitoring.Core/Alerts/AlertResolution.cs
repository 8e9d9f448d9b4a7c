namespace Monitoring.Alerts;

/// <summary>How an alert came to its end.</summary>
public enum AlertResolution
{
    /// <summary>Its condition went away.</summary>
    Automatic,

    /// <summary>Somebody resolved it.</summary>
    Manual,
}
