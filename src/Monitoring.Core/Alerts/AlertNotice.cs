namespace Monitoring.Alerts;

/// <summary>What a channel is told at once: the news of one group of alerts. Immutable.</summary>
public sealed record AlertNotice
{
    /// <summary>Identity of the notice, the same for all attempts to deliver it, by which a receiver tells repetitions.</summary>
    public required string Id { get; init; }

    /// <summary>When it was put together.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the alerts have in common (see <see cref="AlertOptions.GroupBy"/>): label and value.</summary>
    public required IReadOnlyDictionary<string, string> Group { get; init; }

    /// <summary>The alerts and what is new about each; the most severe first. Empty only where <see cref="Digest"/> says the rest or <see cref="IsTest"/>.</summary>
    public required IReadOnlyList<AlertNoticeEntry> Entries { get; init; }

    /// <summary>Alerts that came and went while the channel could not be reached, and were too many to be kept one by one.</summary>
    public AlertDigest? Digest { get; init; }

    /// <summary>Whether somebody only wants to know that the channel works.</summary>
    public bool IsTest { get; init; }

    /// <summary>The highest severity among the alerts; a warning where there are none.</summary>
    public AlertSeverity Severity => Entries.Count == 0 ? AlertSeverity.Warning : Entries.Max(static entry => entry.Alert.Severity);

    /// <summary>Whether all of its alerts are over.</summary>
    public bool IsResolved => Entries.Count > 0 && Entries.All(static entry => entry.Alert.State == AlertState.Resolved);
}
