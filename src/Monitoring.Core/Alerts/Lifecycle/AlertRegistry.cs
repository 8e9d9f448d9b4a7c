namespace Monitoring.Alerts.Lifecycle;

/// <summary>
/// The alerts of one monitor. One lock guards it all, and the channels are told under it, so that the order of what they hear
/// is the order of the changes. Only the evaluation, of which there is one at a time, adds and removes series; people change
/// the state of a series, and the evaluation, which decides outside the lock, commits only onto the state that it has read.
/// Changes of an evaluation are told at its end, when it is known what keeps an alert quiet; a change by a person tells first
/// what is still untold of that alert. What is to outlive the process is noted under the lock too, before anybody is told.
/// </summary>
internal sealed class AlertRegistry(int resolvedCapacity, AlertArchive archive, Action<Alert> tell)
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<AlertSeries, TrackedSeries> _tracked = [];
    private readonly Dictionary<string, TrackedSeries> _keys = new(StringComparer.Ordinal);
    private readonly ResolvedAlerts _resolved = new(resolvedCapacity);

    /// <summary>Series of which something is or was wrong; the others are only remembered.</summary>
    public int BusyCount
    {
        get
        {
            lock (_lock)
            {
                return _keys.Count;
            }
        }
    }

    public TrackedSeries? Find(AlertSeries series)
    {
        lock (_lock)
        {
            return _tracked.GetValueOrDefault(series);
        }
    }

    /// <summary>Puts all series into a list that is used again and again.</summary>
    public void CopyTo(List<TrackedSeries> series)
    {
        series.Clear();
        lock (_lock)
        {
            series.AddRange(_tracked.Values);
        }
    }

    /// <summary>All alerts of such a state.</summary>
    public List<Alert> GetAlerts(Func<AlertLifecycle, bool> which)
    {
        var alerts = new List<Alert>();
        lock (_lock)
        {
            foreach (var tracked in _keys.Values)
            {
                if (tracked.State.Alert is { } alert && which(tracked.State.Lifecycle))
                {
                    alerts.Add(alert);
                }
            }
        }

        return alerts;
    }

    public IReadOnlyList<Alert> GetResolved()
    {
        lock (_lock)
        {
            return _resolved.ToArray();
        }
    }

    /// <summary>The pending or active alert of a key, or else the one that was resolved last.</summary>
    public Alert? Find(string key)
    {
        lock (_lock)
        {
            return _keys.TryGetValue(key, out var tracked) ? tracked.State.Alert : _resolved.Find(key);
        }
    }

    /// <summary>All series that are active, with their state, into a list that is used again and again.</summary>
    public void CopyActiveTo(List<(TrackedSeries Tracked, TrackedState State)> active)
    {
        active.Clear();
        lock (_lock)
        {
            foreach (var tracked in _keys.Values)
            {
                if (tracked.State.Lifecycle.IsActive)
                {
                    active.Add((tracked, tracked.State));
                }
            }
        }
    }

    /// <summary>The state of a series at the moment.</summary>
    public TrackedState Read(TrackedSeries tracked)
    {
        lock (_lock)
        {
            return tracked.State;
        }
    }

    /// <summary>Remembers or forgets a series that nothing is wrong with; for the evaluation.</summary>
    /// <param name="tracked">The series, known or not.</param>
    /// <param name="keep">Whether it is to be remembered.</param>
    /// <param name="limit">How many such series are remembered at most.</param>
    public void Rest(TrackedSeries tracked, bool keep, int limit)
    {
        lock (_lock)
        {
            var resting = _tracked.Count - _keys.Count;
            if (!_tracked.ContainsKey(tracked.Series))
            {
                if (keep && resting < limit)
                {
                    _tracked.Add(tracked.Series, tracked);
                }
            }
            else if (!keep || resting > limit)
            {
                _tracked.Remove(tracked.Series);
                if (tracked.NotedAt is not null)
                {
                    archive.Delete(tracked.Series);
                }
            }
        }
    }

    /// <summary>
    /// Replaces what the evaluation has read by what it has decided; does nothing when somebody has changed the alert in
    /// the meantime, for the next evaluation decides anew.
    /// </summary>
    /// <returns>False when nothing was done.</returns>
    public bool Commit(TrackedSeries tracked, TrackedState read, TrackedState decided, AlertEffect effect, Moment now)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(tracked.State, read))
            {
                return false;
            }

            if (read.Alert is null)
            {
                if (WithKeyUnderLock(tracked, decided.Alert!) is not { } alert)
                {
                    return false;
                }

                decided = decided with { Alert = alert };
                _tracked.TryAdd(tracked.Series, tracked);
            }

            ReplaceUnderLock(tracked, decided, effect, now);
            tracked.IsUntold |= effect is AlertEffect.Fired or AlertEffect.SeverityChanged;
            return true;
        }
    }

    /// <summary>Notes what keeps an alert quiet now; for the evaluation.</summary>
    public void Suppress(TrackedSeries tracked, TrackedState read, Alert alert, Moment now)
    {
        lock (_lock)
        {
            if (ReferenceEquals(tracked.State, read))
            {
                tracked.State = read with { Alert = alert };
                tracked.IsUntold = true;
                NoteUnderLock(tracked, now);
            }
        }
    }

    /// <summary>Tells what an evaluation has changed, at its end.</summary>
    public void Tell(TrackedSeries tracked)
    {
        lock (_lock)
        {
            TellUnderLock(tracked);
        }
    }

    /// <summary>Notes that those were told whom an alert is for when nobody acknowledges it; nothing when it is over or another one.</summary>
    public void NoteEscalated(string key, string id, Moment now)
    {
        lock (_lock)
        {
            if (_keys.TryGetValue(key, out var tracked) && tracked.State is { Lifecycle.IsActive: true, Alert: { } alert } state && alert.Id == id)
            {
                tracked.State = state with { Alert = alert.With(new AlertEvent(now.Utc, AlertEventKind.Escalated) { Severity = alert.Severity }) };
                NoteUnderLock(tracked, now);
            }
        }
    }

    /// <summary>Notes the values of alerts, which change with every evaluation, at most once a minute; for the evaluation.</summary>
    /// <param name="now">The present.</param>
    /// <param name="all">Whether those that were noted just now are noted too: the last time.</param>
    public void Refresh(Moment now, bool all)
    {
        lock (_lock)
        {
            foreach (var tracked in _keys.Values)
            {
                if (tracked.State.Lifecycle.Phase != AlertPhase.Held && (all || now.Elapsed - tracked.NotedAt >= RefreshInterval))
                {
                    NoteUnderLock(tracked, now);
                }
            }
        }
    }

    /// <summary>Takes up what an earlier process has left; called once, before the first evaluation. Nobody is told.</summary>
    public void Restore(List<StoredAlert> stored, Moment now)
    {
        lock (_lock)
        {
            foreach (var (series, alert) in stored.Where(static document => document.Life is null)
                .Select(static document => (new AlertSeries(document.Rule, document.Instance), document.Alert!))
                .OrderBy(static document => document.Item2.ResolvedAt).ThenBy(static document => document.Item2.Id, StringComparer.Ordinal))
            {
                if (_resolved.Add(series, alert) is { } removed)
                {
                    archive.DeleteResolved(removed);
                }
            }

            foreach (var document in stored)
            {
                if (document.Life is { } life)
                {
                    RestoreUnderLock(new TrackedSeries(new AlertSeries(document.Rule, document.Instance)) { RestoredAt = now.Elapsed }, life.Restore(document.SavedAt, now), document.Alert, now);
                }
            }
        }
    }

    public AlertAcknowledgeOutcome Acknowledge(string key, Moment now, string? note, string? by)
    {
        lock (_lock)
        {
            if (!_keys.TryGetValue(key, out var tracked) || tracked.State.Lifecycle.Phase == AlertPhase.Pending)
            {
                return _resolved.Find(key) is null ? AlertAcknowledgeOutcome.NotFound : AlertAcknowledgeOutcome.AlreadyResolved;
            }

            var (next, effect) = tracked.State.Lifecycle.Step(new AlertSignal(AlertInput.Acknowledge), default, default);
            if (effect != AlertEffect.Acknowledged)
            {
                return AlertAcknowledgeOutcome.AlreadyResolved;
            }

            var alert = tracked.State.Alert!;
            if (alert.AcknowledgedAt is not null)
            {
                return AlertAcknowledgeOutcome.AlreadyAcknowledged;
            }

            TellUnderLock(tracked);
            alert = (alert with { AcknowledgedAt = now.Utc, AcknowledgedBy = by, AcknowledgementNote = note })
                .With(new AlertEvent(now.Utc, AlertEventKind.Acknowledged) { Severity = alert.Severity, Value = alert.Value, By = by, Note = note });
            ReplaceUnderLock(tracked, new TrackedState(next, alert), effect, now);
            tell(alert);
            return AlertAcknowledgeOutcome.Acknowledged;
        }
    }

    public AlertResolveOutcome Resolve(string key, Moment now, string? note, string? by)
    {
        lock (_lock)
        {
            if (!_keys.TryGetValue(key, out var tracked) || tracked.State.Lifecycle.Phase == AlertPhase.Pending)
            {
                return _resolved.Find(key) is null ? AlertResolveOutcome.NotFound : AlertResolveOutcome.AlreadyResolved;
            }

            var (next, effect) = tracked.State.Lifecycle.Step(new AlertSignal(AlertInput.Resolve), now.Elapsed, default);
            if (effect != AlertEffect.Resolved)
            {
                return AlertResolveOutcome.AlreadyResolved;
            }

            TellUnderLock(tracked);
            ReplaceUnderLock(tracked, new TrackedState(next, AlertWriter.End(tracked.State.Alert!, AlertResolution.Manual, now.Utc, note, by)), effect, now);
            return AlertResolveOutcome.Resolved;
        }
    }

    private void ReplaceUnderLock(TrackedSeries tracked, TrackedState decided, AlertEffect effect, Moment now)
    {
        var ended = effect == AlertEffect.Resolved ? decided.Alert : null;
        if (decided.Lifecycle.Phase == AlertPhase.Inactive)
        {
            _keys.Remove(decided.Alert!.Key);
            decided = decided with { Alert = null };
        }

        // An alert may end before the news of it were told at the end of an evaluation that failed. Channels note what they
        // still owe before the store says that it is over, so that a crash between the two loses nothing.
        if (ended is not null)
        {
            TellUnderLock(tracked);
            tell(ended);
        }

        tracked.State = decided;
        if (effect != AlertEffect.None)
        {
            NoteUnderLock(tracked, now);
        }

        if (ended is not null)
        {
            AddResolvedUnderLock(tracked.Series, ended);
        }
    }

    private void RestoreUnderLock(TrackedSeries tracked, AlertLifecycle life, Alert? alert, Moment now)
    {
        // A key stands for one series, whatever the store says.
        alert = life.Phase == AlertPhase.Inactive ? null : alert;
        if (!_tracked.ContainsKey(tracked.Series) && (alert is null || _keys.TryAdd(alert.Key, tracked)))
        {
            tracked.State = new TrackedState(life, alert);
            tracked.NotedAt = now.Elapsed;
            _tracked.Add(tracked.Series, tracked);
        }
    }

    private void AddResolvedUnderLock(AlertSeries series, Alert ended)
    {
        archive.PutResolved(series, ended);
        if (_resolved.Add(series, ended) is { } removed)
        {
            archive.DeleteResolved(removed);
        }
    }

    private void NoteUnderLock(TrackedSeries tracked, Moment now)
    {
        if (tracked.State.Lifecycle is { Phase: AlertPhase.Inactive, Firings: null })
        {
            archive.Delete(tracked.Series);
            tracked.NotedAt = null;
        }
        else
        {
            archive.Put(tracked, now);
            tracked.NotedAt = now.Elapsed;
        }
    }

    // Of two instances whose names look alike in a URL, the later one gets a longer key.
    private Alert? WithKeyUnderLock(TrackedSeries tracked, Alert alert)
    {
        if (_keys.ContainsKey(alert.Key) || _resolved.IsTaken(alert.Key, tracked.Series))
        {
            alert = alert with { Key = AlertKey.Distinct(alert.Rule, tracked.Series.Instance) };
        }

        return _keys.TryAdd(alert.Key, tracked) ? alert : null;
    }

    private void TellUnderLock(TrackedSeries tracked)
    {
        if (tracked.IsUntold)
        {
            tracked.IsUntold = false;
            tell(tracked.State.Alert!);
        }
    }
}
