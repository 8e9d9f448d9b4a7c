namespace Monitoring.Alerts;

/// <summary>What became of the news that an alert fired, for one channel.</summary>
/// <param name="Channel">Name of the channel.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it was suppressed or failed; null otherwise.</param>
/// <param name="At">When that was decided; null while it is pending.</param>
public readonly record struct AlertDelivery(string Channel, AlertDeliveryOutcome Outcome, string? Reason, DateTimeOffset? At);
