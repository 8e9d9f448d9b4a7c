namespace Monitoring.Alerts.Suppression;

/// <summary>What an alert can explain and what can explain it, each by rule and group. Immutable, and the same as long as the alert's labels are.</summary>
internal sealed record InhibitionRoles((int Rule, string Group)[] SourceOf, (int Rule, string Group)[] TargetOf)
{
    public static InhibitionRoles None { get; } = new([], []);
}
