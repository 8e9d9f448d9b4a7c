namespace Monitoring.Alerts;

/// <summary>Why nobody is told of an alert that fires.</summary>
/// <param name="Reason">What keeps it quiet.</param>
/// <param name="By">Which one: the id of the silence, the name of the maintenance window, or the key of the alert that explains it.</param>
public sealed record AlertSuppression(AlertSuppressionReason Reason, string By);
