namespace Monitoring.Alerts.Outbox;

/// <summary>What is new about an alert for a channel, and when it is to be told.</summary>
/// <param name="Reason">What is new.</param>
/// <param name="DueAt">When; in the past when it is now.</param>
internal readonly record struct News(AlertNoticeReason Reason, TimeSpan DueAt);

/// <summary>
/// Compares what an alert is with what the channel was told of it. Pure: it reads the clock nowhere and changes nothing.
/// </summary>
internal sealed class ChannelPolicy(AlertChannelOptions channel, AlertOptions options)
{
    /// <summary>Due at once.</summary>
    public static readonly TimeSpan Now = TimeSpan.MinValue;

    private readonly AlertCategory[] _categories = [.. channel.Categories];
    private readonly TimeSpan _repeat = channel.RepeatInterval ?? options.RepeatInterval;

    /// <summary>Whether the channel is told of alerts of that kind at all.</summary>
    public bool Wants(AlertCategory category) => _categories.Length == 0 || _categories.Contains(category);

    /// <summary>Whether the channel's time to be told that an alert fires has come; for one that escalates, when nobody has acknowledged it for long enough.</summary>
    public bool IsTime(ChannelAlert alert, TimeSpan now) =>
        channel.EscalateAfter is not { } after || (alert.Alert.AcknowledgedAt is null && now - alert.FiredAt >= after);

    /// <summary>What there is to tell; null when nothing is, as things stand.</summary>
    public News? Find(ChannelAlert alert)
    {
        var news = (alert.Told, alert.IsOver) switch
        {
            (Told.Nothing, false) => FindUnheard(alert),
            (Told.Nothing, true) => WhyUnheard(alert) is null ? new News(AlertNoticeReason.FiredAndResolved, Now) : null,
            (_, false) => FindChange(alert),
            (_, true) => channel.SendResolved ? new News(AlertNoticeReason.Resolved, Now) : null,
        };
        return news is { } some && some.DueAt < alert.NotBefore ? some with { DueAt = alert.NotBefore } : news;
    }

    /// <summary>Why the channel was not to be told of an alert that is over and of which it has not heard; null when it was.</summary>
    public string? WhyUnheard(ChannelAlert alert)
    {
        if (!Wants(alert.Alert.Category))
        {
            return DeliveryReasons.Category;
        }

        if (alert.Suppression is { } suppression)
        {
            return DeliveryReasons.Of(suppression.Reason);
        }

        if (!(alert.Reached >= channel.MinimumSeverity))
        {
            return DeliveryReasons.Severity;
        }

        return alert.EndedTooSoon ? DeliveryReasons.NotEscalated : null;
    }

    private News? FindUnheard(ChannelAlert alert)
    {
        if (alert.Suppression is not null || !(alert.Reached >= channel.MinimumSeverity) || !Wants(alert.Alert.Category))
        {
            return null;
        }

        // Who refused to hear of it is asked again when there is something new to say.
        if (alert.Outcome == AlertDeliveryOutcome.Failed && alert.Reason == DeliveryReasons.Refused && alert.Alert.Severity == alert.ToldSeverity)
        {
            return new News(AlertNoticeReason.Firing, alert.ToldAt + _repeat);
        }

        return channel.EscalateAfter is not { } after ? new News(AlertNoticeReason.Firing, Now)
            : alert.Alert.AcknowledgedAt is null ? new News(AlertNoticeReason.Escalated, alert.FiredAt + after)
            : null;
    }

    private News? FindChange(ChannelAlert alert)
    {
        if (channel.RemindsAlways)
        {
            return alert.Alert.Severity != alert.ToldSeverity ? new News(AlertNoticeReason.SeverityChanged, Now) : Reminder(alert);
        }

        if (alert.Suppression is not null)
        {
            return null;
        }

        if (alert.Alert.Severity != alert.ToldSeverity)
        {
            return new News(AlertNoticeReason.SeverityChanged, Now);
        }

        return alert.Alert.AcknowledgedAt is null && alert.Alert.Severity >= channel.MinimumSeverity ? Reminder(alert) : null;
    }

    private News Reminder(ChannelAlert alert) => new(AlertNoticeReason.Reminder, alert.ToldAt + _repeat);
}
