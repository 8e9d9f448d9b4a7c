namespace Monitoring.Telemetry;

/// <summary>A change that somebody made. Immutable.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who; null when it was not said.</param>
/// <param name="Action">What was done, such as <c>alert.resolve</c>.</param>
/// <param name="Target">What it was done to, such as the key of an alert.</param>
/// <param name="Note">What that person had to say, or what the change was.</param>
public sealed record AuditEntry(DateTimeOffset At, string? By, string Action, string Target, string? Note = null)
{
    /// <summary>Identity, given when it is added.</summary>
    public string Id { get; init; } = "";
}
