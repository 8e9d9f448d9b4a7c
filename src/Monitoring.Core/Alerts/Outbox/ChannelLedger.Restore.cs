namespace Monitoring.Alerts.Outbox;

// What an earlier process has left.
internal sealed partial class ChannelLedger
{
    /// <summary>The notice that was under way when the process ended: it is told again, under the same id.</summary>
    private NoticeUnderWay? _resumed;

    /// <summary>Takes up an alert.</summary>
    /// <param name="alert">The alert as the store has it.</param>
    /// <param name="document">What the channel was told of it; null when nothing was written down.</param>
    /// <param name="now">The steady clock.</param>
    public void Restore(Alert alert, DeliveryDocument? document, TimeSpan now)
    {
        if (alert.State == AlertState.Pending || _alerts.ContainsKey(alert.Id) || _history.Find(alert.Id) is not null)
        {
            return;
        }

        if (document is { IsFinal: true })
        {
            RestoreEnd(alert.Id, document);
            return;
        }

        // What is over and about which nothing was written down was told or settled long ago.
        var over = alert.State == AlertState.Resolved;
        if (over && document is null)
        {
            return;
        }

        var restored = Add(alert, now - Since(alert.StartedAt));
        restored.Suppression = alert.Suppression;
        restored.Reached = alert.Suppression is null ? alert.Severity : null;
        if (over)
        {
            // It is written down for the sake of what is to be told of it.
            restored.Suppression = null;
            restored.Reached = AlertSeverity.Critical;
        }

        if (document is not null)
        {
            (restored.Told, restored.ToldSeverity, restored.Receipt) = (document.Told, document.Severity, document.Receipt);
            (restored.ToldAt, restored.ToldAtUtc) = (now - Since(document.ToldAt), document.ToldAt);
            if (document.Outcome != AlertDeliveryOutcome.Pending)
            {
                Decide(restored, document.Outcome, document.Reason);
                restored.DecidedAt = document.DecidedAt;
            }
        }

        Reassess(restored, now);
    }

    /// <summary>Takes up the outcome of an alert that is over.</summary>
    public void RestoreEnd(string alertId, DeliveryDocument document)
    {
        if (_history.Add(alertId, new AlertDelivery(_name, document.Outcome, document.Reason, document.DecidedAt)) is { } forgotten)
        {
            _store.DeleteDelivery(forgotten);
        }
    }

    /// <summary>Takes up the digest that had not been told.</summary>
    public void RestoreDigest(AlertDigest digest)
    {
        _digest ??= NewDigest();
        _digest.Add(digest);
        Counts.Fired += digest.Count;
    }

    /// <summary>Takes up the notice that was under way; what it tells is what it told before, whatever has happened since.</summary>
    public void Resume(NoticeDocument document)
    {
        List<(ChannelAlert Alert, AlertNoticeEntry Entry)> told = [];
        foreach (var entry in document.Entries)
        {
            var isEnd = entry.Reason is AlertNoticeReason.Resolved or AlertNoticeReason.FiredAndResolved;
            if (_alerts.TryGetValue(entry.AlertId, out var alert) && !alert.InFlight && (alert.IsOver || !isEnd))
            {
                Withdraw(alert);
                _agenda.Remove(alert);
                Unlist(alert);
                alert.InFlight = true;
                told.Add((alert, new AlertNoticeEntry(AsOf(alert.Alert, entry), entry.Reason, alert.Receipt)));
            }
        }

        if (document.Digest is { } digest)
        {
            _digestInFlight = NewDigest();
            _digestInFlight.Add(digest);
            Counts.Fired += digest.Count;
        }

        if (told.Count > 0 || _digestInFlight is not null)
        {
            var notice = new AlertNotice { Id = document.Id, CreatedAt = document.CreatedAt, Group = document.Group, Entries = [], Digest = document.Digest };
            _resumed = Sort(notice, told, told.Count > 0 ? told[0].Alert.Group : null);
        }
    }

    // Who has taken the notice before will not look at it again: it must not say more than it did.
    private static Alert AsOf(Alert alert, NoticeEntryDocument entry) =>
        entry.Reason is AlertNoticeReason.Resolved or AlertNoticeReason.FiredAndResolved || alert.State != AlertState.Resolved
            ? alert with { Severity = entry.Severity }
            : alert with { Severity = entry.Severity, State = AlertState.Firing, ResolvedAt = null, ResolvedBy = null, Resolution = null, ResolutionNote = null };

    // The wall clock may have been set back meanwhile.
    private TimeSpan Since(DateTimeOffset? then) => then is { } at && _timeProvider.GetUtcNow() - at is { } past && past > TimeSpan.Zero ? past : TimeSpan.Zero;
}
