namespace Monitoring.Alerts;

/// <summary>One alert of a notice.</summary>
/// <param name="Alert">The alert as it was when the notice was put together.</param>
/// <param name="Reason">Why the channel is told.</param>
/// <param name="Receipt">What the channel returned when it was first told of this alert, such as the id of a message to reply to; null the first time.</param>
public sealed record AlertNoticeEntry(Alert Alert, AlertNoticeReason Reason, string? Receipt = null);
