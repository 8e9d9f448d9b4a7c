namespace Monitoring.Alerts.Rules;

/// <summary>Which values breach a threshold.</summary>
internal enum AlertComparison
{
    /// <summary>Those at it or above.</summary>
    Above,

    /// <summary>Those at it or below.</summary>
    Below,

    /// <summary>Those equal to it.</summary>
    Equal,
}
