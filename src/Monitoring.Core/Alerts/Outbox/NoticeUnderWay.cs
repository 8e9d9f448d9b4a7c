namespace Monitoring.Alerts.Outbox;

/// <summary>A notice that a channel is about to be told. Immutable: it keeps its content and id through all attempts and a restart.</summary>
/// <param name="Notice">What the notifier is handed.</param>
/// <param name="Alerts">The alert of each entry, in the same order.</param>
/// <param name="Group">Its group; null for a digest by itself.</param>
/// <param name="Digest">What its digest counts; null without one.</param>
internal sealed record NoticeUnderWay(AlertNotice Notice, IReadOnlyList<ChannelAlert> Alerts, NoticeGroup? Group, DigestTally? Digest);

/// <summary>What became of a notice.</summary>
internal enum NoticeOutcome
{
    Delivered,
    GaveUp,
    Refused,
    Gone,

    /// <summary>The monitor stops; the notice stays in the store.</summary>
    Stopped,
}

/// <summary>How the attempts to deliver a notice ended.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Receipt">What the notifier returned.</param>
/// <param name="RetryAfter">How long the receiver asked to be left alone, with its last refusal.</param>
internal readonly record struct NoticeResult(NoticeOutcome Outcome, string? Receipt = null, TimeSpan? RetryAfter = null);
