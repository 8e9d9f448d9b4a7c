namespace Monitoring.Alerts.Outbox;

// Notices: how they are put together, and what their end means for the books.
internal sealed partial class ChannelLedger
{
    // One notice is under way at a time, so there are two digests at most.
    private DigestTally? _digest;
    private DigestTally? _digestInFlight;
    private int _digests;

    // Over and never heard of; over, and the channel was told that they fire. Oldest first, without those under way.
    private readonly LinkedList<ChannelAlert> _unheard = [];
    private readonly LinkedList<ChannelAlert> _unfinished = [];

    /// <summary>Takes the next notice that is due; null when none is.</summary>
    public NoticeUnderWay? TakeDue(TimeSpan now)
    {
        while (_agenda.TakeDue(now) is { } alert)
        {
            Reassess(alert, now);
        }

        if (now < Pace)
        {
            return null;
        }

        if (_resumed is { } resumed)
        {
            _resumed = null;
            return resumed;
        }

        while (_due.TakeDue(IsClosing ? TimeSpan.MaxValue : now) is { } group)
        {
            if (group.Waiting.Count > 0)
            {
                return Compose(group);
            }

            if (group.Members == 0)
            {
                _groups.Remove(group.Key);
            }
        }

        return _digest is null ? null : Compose(group: null);
    }

    /// <summary>Enters what became of a notice.</summary>
    /// <returns>The alerts of which somebody was told because nobody had acknowledged them.</returns>
    public IReadOnlyList<Alert> Complete(NoticeUnderWay notice, NoticeResult result, TimeSpan now)
    {
        List<Alert> escalated = [];
        IsGone |= result.Outcome == NoticeOutcome.Gone;
        Pace = now + Later(_channel.MinimumInterval, result.RetryAfter ?? TimeSpan.Zero);
        CompleteDigest(notice.Digest, result.Outcome);
        if (notice.Group is { } group)
        {
            group.SentAt = now;
            if (group.Waiting.Count > 0)
            {
                _due.Set(group, Later(group.DueAt ?? now, SentAfter(group)));
            }
        }

        for (var i = 0; i < notice.Alerts.Count; i++)
        {
            var (alert, entry) = (notice.Alerts[i], notice.Notice.Entries[i]);
            alert.InFlight = false;
            if (result.Outcome == NoticeOutcome.Delivered)
            {
                Delivered(alert, entry, result.Receipt, now);
                if (entry.Reason == AlertNoticeReason.Escalated)
                {
                    escalated.Add(entry.Alert);
                }
            }
            else
            {
                Failed(alert, entry, result.Outcome, now);
            }
        }

        if (result.Outcome == NoticeOutcome.Gone)
        {
            GiveUpAll(now);
        }

        return escalated;
    }

    private NoticeUnderWay Compose(NoticeGroup? group)
    {
        List<(ChannelAlert Alert, AlertNoticeEntry Entry)> told = [];
        foreach (var alert in group?.Waiting ?? [])
        {
            if (_policy.Find(alert) is { } news)
            {
                alert.InFlight = true;
                Unlist(alert);
                told.Add((alert, new AlertNoticeEntry(alert.Alert, news.Reason, alert.Receipt)));
            }
        }

        group?.Waiting.Clear();
        (_digestInFlight, _digest) = (_digest, null);
        var now = _timeProvider.GetUtcNow();
        var notice = new AlertNotice
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            CreatedAt = now,
            Group = group?.Labels ?? new Dictionary<string, string>(),
            Entries = [],
            Digest = _digestInFlight?.ToDigest(),
        };
        return Sort(notice, told, group);
    }

    // The most severe first, and of those the oldest.
    private NoticeUnderWay Sort(AlertNotice notice, List<(ChannelAlert Alert, AlertNoticeEntry Entry)> told, NoticeGroup? group)
    {
        told.Sort(static (x, y) =>
            x.Entry.Alert.Severity != y.Entry.Alert.Severity ? y.Entry.Alert.Severity.CompareTo(x.Entry.Alert.Severity)
            : x.Entry.Alert.StartedAt != y.Entry.Alert.StartedAt ? x.Entry.Alert.StartedAt.CompareTo(y.Entry.Alert.StartedAt)
            : string.CompareOrdinal(x.Entry.Alert.Key, y.Entry.Alert.Key));
        AlertNoticeEntry[] entries = [.. told.Select(static pair => pair.Entry)];
        return new NoticeUnderWay(notice with { Entries = entries }, [.. told.Select(static pair => pair.Alert)], group, _digestInFlight);
    }

    private void Delivered(ChannelAlert alert, AlertNoticeEntry entry, string? receipt, TimeSpan now)
    {
        if (alert.Outcome != AlertDeliveryOutcome.Delivered)
        {
            Decide(alert, AlertDeliveryOutcome.Delivered, null);
        }

        if (entry.Reason is AlertNoticeReason.Resolved or AlertNoticeReason.FiredAndResolved)
        {
            Finish(alert);
            return;
        }

        alert.Receipt ??= receipt;
        alert.Told = Told.Firing;
        alert.ToldSeverity = entry.Alert.Severity;
        alert.ToldAt = now;
        alert.ToldAtUtc = _timeProvider.GetUtcNow();
        alert.NotBefore = TimeSpan.MinValue;
        _store.PutDelivery(alert);
        Reassess(alert, now);
    }

    // An alert that still fires is tried again, and what comes of that replaces the failure; that an alert is over is owed
    // to a channel that was told that it fires.
    private void Failed(ChannelAlert alert, AlertNoticeEntry entry, NoticeOutcome outcome, TimeSpan now)
    {
        alert.NotBefore = now + _channel.MaxRetryDelay;
        if (alert.Told == Told.Nothing)
        {
            Decide(alert, AlertDeliveryOutcome.Failed, ReasonOf(outcome));
            (alert.ToldSeverity, alert.ToldAt) = (entry.Alert.Severity, now);
        }
        else if (outcome == NoticeOutcome.Refused && entry.Reason == AlertNoticeReason.Resolved)
        {
            alert.RefusedSince ??= now;
            if (now - alert.RefusedSince >= _channel.GiveUpAfter)
            {
                Unfinished++;
                Finish(alert);
                return;
            }
        }
        else if (outcome == NoticeOutcome.Refused)
        {
            // Who refuses the change is told of the next one.
            (alert.ToldSeverity, alert.ToldAt) = (entry.Alert.Severity, now);
        }

        _store.PutDelivery(alert);
        Reassess(alert, now);
    }

    private void CompleteDigest(DigestTally? digest, NoticeOutcome outcome)
    {
        if (digest is null)
        {
            return;
        }

        var (decided, reason) = outcome == NoticeOutcome.Delivered ? (AlertDeliveryOutcome.Delivered, null) : (AlertDeliveryOutcome.Failed, ReasonOf(outcome));
        Counts.Add(decided, reason, digest.Count);
        _history.Decide(digest.Generation, new AlertDelivery(_name, decided, reason, _timeProvider.GetUtcNow()));
        _digestInFlight = null;
    }

    private void GiveUpAll(TimeSpan now)
    {
        CompleteDigest(_digest, NoticeOutcome.Gone);
        _digest = null;
        _store.DeleteDigest();
        foreach (var alert in _alerts.Values.ToArray())
        {
            if (alert.Outcome == AlertDeliveryOutcome.Pending)
            {
                Decide(alert, AlertDeliveryOutcome.Failed, DeliveryReasons.Gone);
            }

            Reassess(alert, now);
        }
    }

    /// <summary>Keeps an alert that is over until it is told, and no more of them than there is room for.</summary>
    private void KeepEnded(ChannelAlert alert)
    {
        if (alert.Told == Told.Nothing)
        {
            alert.Ended = _unheard.AddLast(alert);
            if (_unheard.Count > _channel.BacklogCapacity)
            {
                MoveToDigest(_unheard.First!.Value);
            }

            return;
        }

        // As many can be owed as were told, and more only by a channel that takes every alert and refuses to hear of its end.
        alert.Ended = _unfinished.AddLast(alert);
        if (_unfinished.Count > _options.MaxActive + _channel.BacklogCapacity)
        {
            Unfinished++;
            Finish(_unfinished.First!.Value);
        }
    }

    private void MoveToDigest(ChannelAlert alert)
    {
        Forget(alert);
        _store.DeleteDelivery(alert.Alert.Id);
        _digest ??= NewDigest();
        _digest.Add(alert.Alert);
        alert.Reason = DeliveryReasons.Digest;
        Remember(alert, _digest.Generation);
        _digestChanged();
    }

    private DigestTally NewDigest() => new(++_digests);

    /// <summary>The digest that waits, to be written down; null when there is none.</summary>
    public AlertDigest? GetDigest() => _digest?.ToDigest();

    /// <summary>Takes an alert that is over off the list of those that are still to be told and in no notice.</summary>
    private static void Unlist(ChannelAlert alert)
    {
        alert.Ended?.List?.Remove(alert.Ended);
        alert.Ended = null;
    }

    private static string ReasonOf(NoticeOutcome outcome) => outcome switch
    {
        NoticeOutcome.Gone => DeliveryReasons.Gone,
        NoticeOutcome.Refused => DeliveryReasons.Refused,
        _ => DeliveryReasons.GaveUp,
    };
}
