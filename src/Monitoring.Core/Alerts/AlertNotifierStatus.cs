namespace Monitoring.Alerts;

/// <summary>
/// How a channel fares since the start, counted in alerts that fired: each ends as delivered, suppressed or failed, so that
/// <see cref="Fired"/> = <see cref="Delivered"/> + the sums of <see cref="Suppressed"/> and <see cref="Failed"/> + <see cref="Pending"/>.
/// The counts are of one moment.
/// </summary>
public sealed record AlertNotifierStatus
{
    /// <summary>Name of the channel.</summary>
    public required string Name { get; init; }

    /// <summary>Alerts that fired, those included that fired before the start and were not over, or not told, by then.</summary>
    public long Fired { get; init; }

    /// <summary>Alerts that it was told of.</summary>
    public long Delivered { get; init; }

    /// <summary>Alerts that it was not told of, by reason (<c>silence</c>, <c>inhibition</c>, <c>severity</c>, …).</summary>
    public IReadOnlyDictionary<string, long> Suppressed { get; init; } = new Dictionary<string, long>();

    /// <summary>Alerts that it did not take, by reason (<c>gave-up</c>, <c>refused</c>, <c>gone</c>).</summary>
    public IReadOnlyDictionary<string, long> Failed { get; init; } = new Dictionary<string, long>();

    /// <summary>Alerts that it is yet to be told of, or of which a suppression may yet end.</summary>
    public long Pending { get; init; }

    /// <summary>Alerts of which there is news for it, be it only that they are over.</summary>
    public long Waiting { get; init; }

    /// <summary>Alerts that it was told of and that ended without its being told so: it refused to hear it for <see cref="AlertChannelOptions.GiveUpAfter"/>, or wants no notices any more.</summary>
    public long Unfinished { get; init; }

    /// <summary>Notices that it took.</summary>
    public long Notices { get; init; }

    /// <summary>Attempts that did not succeed.</summary>
    public long FailedAttempts { get; init; }

    /// <summary>Attempts made for the notice that is under way; zero when none is.</summary>
    public int Attempt { get; init; }

    /// <summary>When the next attempt is due; null when none is.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When it last took a notice.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>When an attempt last failed.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>What that attempt said, without secrets; of an error that is not an <see cref="AlertDeliveryException"/> only its kind.</summary>
    public string? LastError { get; init; }

    /// <summary>Whether its circuit is open: it failed several times in a row and is left alone for a while.</summary>
    public bool IsCircuitOpen { get; init; }

    /// <summary>Whether it is off until the next start, because the receiver wants no notices any more.</summary>
    public bool IsGone { get; init; }
}
