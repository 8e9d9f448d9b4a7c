namespace Monitoring.Alerts;

/// <summary>What it means for an alert when its series gives no data any more.</summary>
public enum AlertNoData
{
    /// <summary>The condition is gone: what nobody calls any more is not slow.</summary>
    Resolve,

    /// <summary>The alert stays as it is until there is data again.</summary>
    Keep,

    /// <summary>That is an alert by itself, even if none fired before.</summary>
    Alert,
}
