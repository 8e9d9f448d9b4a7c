namespace Monitoring.Alerts.Outbox;

/// <summary>
/// The books of one channel: for every alert that is active, or over and not yet told, what it is and what the channel was
/// told. What is to be told is the difference, so nothing is lost while the channel cannot be reached: later changes only
/// replace it. Guarded by the lock of its channel; nothing here waits.
/// Invariants: an alert is in <c>_alerts</c> from the moment it fires until it is over and there is nothing left to tell;
/// each of those is in the notice under way, or waits in its group, or is on the agenda, or there is nothing new about it.
/// </summary>
internal sealed partial class ChannelLedger
{
    private readonly AlertChannelOptions _channel;
    private readonly AlertOptions _options;
    private readonly ChannelPolicy _policy;
    private readonly Grouping _grouping;
    private readonly ChannelStore _store;
    private readonly string _name;
    private readonly TimeProvider _timeProvider;
    private readonly DeliveryHistory _history;
    private readonly Action _digestChanged;

    private readonly Dictionary<string, ChannelAlert> _alerts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NoticeGroup> _groups = new(StringComparer.Ordinal);
    private readonly Agenda<ChannelAlert> _agenda = new();
    private readonly Agenda<NoticeGroup> _due = new();

    public ChannelLedger(
        string name, AlertChannelOptions channel, AlertOptions options, Grouping grouping, ChannelStore store, TimeProvider timeProvider, Action digestChanged)
    {
        _name = name;
        _channel = channel;
        _options = options;
        _policy = new ChannelPolicy(channel, options);
        _grouping = grouping;
        _store = store;
        _timeProvider = timeProvider;
        _history = new DeliveryHistory(options.ResolvedCapacity);
        _digestChanged = digestChanged;
    }

    public OutcomeCounts Counts { get; } = new();

    /// <summary>Whether the receiver wants no notices any more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether everything that is new is due at once, because the monitor stops.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Alerts that are over without the channel having been told so, because it would not hear it.</summary>
    public long Unfinished { get; private set; }

    /// <summary>The least time of the next notice.</summary>
    public TimeSpan Pace { get; private set; } = TimeSpan.MinValue;

    /// <summary>When there is something to do; the greatest time there is when there is nothing.</summary>
    public TimeSpan NextDue
    {
        get
        {
            var notice = _digest is not null || _resumed is not null || (IsClosing && HasWaiting) ? ChannelPolicy.Now : _due.NextDue;
            return Earlier(_agenda.NextDue, Later(notice, Pace));
        }
    }

    /// <summary>Whether there is something new that is not under way yet.</summary>
    public bool HasWaiting => _digest is not null || _resumed is not null || _groups.Values.Any(static group => group.Waiting.Count > 0);

    /// <summary>Takes the newest version of an alert.</summary>
    public void Changed(Alert alert, TimeSpan now)
    {
        if (alert.State == AlertState.Pending)
        {
            return;
        }

        if (_alerts.TryGetValue(alert.Id, out var known))
        {
            Update(known, alert, now);
        }
        else if (_history.Find(alert.Id) is null)
        {
            // One that is over already was active until now.
            Update(Add(alert with { State = AlertState.Firing }, now), alert, now);
        }
    }

    public AlertDelivery? Find(string alertId) =>
        _alerts.TryGetValue(alertId, out var alert) ? new AlertDelivery(_name, alert.Outcome, alert.Reason, alert.DecidedAt) : _history.Find(alertId);

    /// <summary>Alerts without an outcome, those that are in a digest included.</summary>
    public long CountPending()
    {
        long pending = (_digest?.Count ?? 0) + (_digestInFlight?.Count ?? 0);
        foreach (var alert in _alerts.Values)
        {
            pending += alert.Outcome == AlertDeliveryOutcome.Pending ? 1 : 0;
        }

        return pending;
    }

    /// <summary>Alerts that the channel has yet to be told something of, now or in the notice under way.</summary>
    public long CountWaiting()
    {
        long waiting = (_digest?.Count ?? 0) + (_digestInFlight?.Count ?? 0);
        foreach (var alert in _alerts.Values)
        {
            waiting += alert.InFlight || alert.IsOver || alert.Group.Waiting.Contains(alert) ? 1 : 0;
        }

        return waiting;
    }

    private ChannelAlert Add(Alert alert, TimeSpan firedAt)
    {
        var added = new ChannelAlert { Alert = alert, Group = GroupOf(alert), FiredAt = firedAt };
        added.Group.Members++;
        _alerts.Add(alert.Id, added);
        Counts.Fired++;
        if (!_policy.Wants(alert.Category))
        {
            Decide(added, AlertDeliveryOutcome.Suppressed, DeliveryReasons.Category);
        }
        else if (IsGone)
        {
            Decide(added, AlertDeliveryOutcome.Failed, DeliveryReasons.Gone);
        }

        return added;
    }

    private void Update(ChannelAlert known, Alert alert, TimeSpan now)
    {
        if (known.IsOver)
        {
            return;
        }

        var ends = alert.State == AlertState.Resolved;
        if (ends)
        {
            // Whether its time had come is judged by how it was until then. What kept it quiet to its end has kept it quiet.
            known.EndedTooSoon = !_policy.IsTime(known, now);
            known.Suppression = alert.Suppression ?? known.Suppression;
        }
        else
        {
            known.Suppression = alert.Suppression;
        }

        if (known.Suppression is null && !(known.Reached >= alert.Severity))
        {
            known.Reached = alert.Severity;
        }

        Regroup(known, alert);
        known.Alert = alert;
        Reassess(known, now);
        if (ends && _alerts.ContainsKey(alert.Id))
        {
            _store.PutDelivery(known);
        }
    }

    /// <summary>Finds anew what there is to tell of an alert, and when.</summary>
    private void Reassess(ChannelAlert alert, TimeSpan now)
    {
        if (alert.InFlight)
        {
            return;
        }

        // Over before it could be tried again: what became of it stays.
        var news = IsGone ? null : _policy.Find(alert);
        if (alert.IsOver && (news is null || (alert.Told == Told.Nothing && alert.Outcome == AlertDeliveryOutcome.Failed)))
        {
            Unfinished += IsGone && alert.Told == Told.Firing ? 1 : 0;
            Finish(alert);
            return;
        }

        Schedule(alert, news, now);
        if (alert.IsOver && alert.Ended is null)
        {
            KeepEnded(alert);
        }
    }

    private void Schedule(ChannelAlert alert, News? news, TimeSpan now)
    {
        if (news is { } due && due.DueAt <= now)
        {
            _agenda.Remove(alert);
            if (alert.Group.Waiting.Add(alert) && alert.Group.Waiting.Count == 1)
            {
                _due.Set(alert.Group, Later(now + _options.GroupWait, SentAfter(alert.Group)));
            }

            return;
        }

        Withdraw(alert);
        if (news is { } later)
        {
            _agenda.Set(alert, later.DueAt);
        }
        else
        {
            _agenda.Remove(alert);
        }
    }

    private void Withdraw(ChannelAlert alert)
    {
        if (alert.Group.Waiting.Remove(alert) && alert.Group.Waiting.Count == 0)
        {
            _due.Remove(alert.Group);
        }
    }

    /// <summary>Nothing is left to be told: only the outcome is kept, for a while.</summary>
    private void Finish(ChannelAlert alert)
    {
        if (alert.Outcome == AlertDeliveryOutcome.Pending)
        {
            Decide(alert, AlertDeliveryOutcome.Suppressed, _policy.WhyUnheard(alert) ?? DeliveryReasons.Severity);
        }

        Forget(alert);
        _store.PutDelivery(alert, isFinal: true);
        Remember(alert);
    }

    private void Remember(ChannelAlert alert, int digest = 0)
    {
        if (_history.Add(alert.Alert.Id, new AlertDelivery(_name, alert.Outcome, alert.Reason, alert.DecidedAt), digest) is { } forgotten)
        {
            _store.DeleteDelivery(forgotten);
        }
    }

    private void Forget(ChannelAlert alert)
    {
        Withdraw(alert);
        _agenda.Remove(alert);
        Unlist(alert);
        _alerts.Remove(alert.Alert.Id);
        Leave(alert.Group);
    }

    private void Decide(ChannelAlert alert, AlertDeliveryOutcome outcome, string? reason)
    {
        Counts.Add(alert.Outcome, alert.Reason, -1);
        (alert.Outcome, alert.Reason, alert.DecidedAt) = (outcome, reason, outcome == AlertDeliveryOutcome.Pending ? null : _timeProvider.GetUtcNow());
        Counts.Add(outcome, reason);
    }

    private NoticeGroup GroupOf(Alert alert)
    {
        var key = _grouping.KeyOf(alert);
        if (!_groups.TryGetValue(key, out var group))
        {
            group = new NoticeGroup(key, _grouping.LabelsOf(alert));
            _groups.Add(key, group);
        }

        return group;
    }

    private void Regroup(ChannelAlert known, Alert alert)
    {
        if (_grouping.FollowsSeverity && alert.Severity != known.Alert.Severity && !known.InFlight)
        {
            Withdraw(known);
            Leave(known.Group);
            known.Group = GroupOf(alert);
            known.Group.Members++;
        }
    }

    // A group that was told of lately is kept for as long as that delays its next notice.
    private void Leave(NoticeGroup group)
    {
        group.Members--;
        if (group.Members > 0)
        {
            return;
        }

        if (group.SentAt is null)
        {
            _groups.Remove(group.Key);
        }
        else
        {
            _due.Set(group, SentAfter(group));
        }
    }

    private TimeSpan SentAfter(NoticeGroup group) => group.SentAt is { } sentAt ? sentAt + _options.GroupInterval : TimeSpan.MinValue;

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
