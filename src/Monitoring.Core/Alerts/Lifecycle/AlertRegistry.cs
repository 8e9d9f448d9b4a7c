using Monitoring.Latency;

namespace Monitoring.Alerts.Lifecycle;

/// <summary>
/// The alerts of one monitor. One lock guards it all, and notices are queued under it, so that their order is the order of
/// the transitions. Only the evaluation adds and removes; resolving by hand replaces a firing entry by a muted one, and the
/// evaluation, which decides outside the lock, commits only onto the entry that it has read.
/// </summary>
internal sealed class AlertRegistry(int maxActive, int resolvedCapacity, Action<Alert> notify)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AlertSeries, TrackedAlert> _tracked = [];
    private readonly Dictionary<string, AlertSeries> _keys = new(StringComparer.Ordinal);
    private readonly RecentList<(AlertSeries Series, Alert Alert)> _resolved = new(resolvedCapacity);

    public TrackedAlert? Find(AlertSeries series)
    {
        lock (_lock)
        {
            return _tracked.GetValueOrDefault(series);
        }
    }

    public TrackedAlert[] GetTracked()
    {
        lock (_lock)
        {
            return [.. _tracked.Values];
        }
    }

    public IReadOnlyList<Alert> GetResolved() => [.. _resolved.ToList().Select(static entry => entry.Alert)];

    public Alert? Find(string key)
    {
        lock (_lock)
        {
            return FindUnderLock(key);
        }
    }

    /// <summary>Adds an alert that begins to fire, under a key that stands for nothing else.</summary>
    /// <returns>False when there is no room.</returns>
    public bool TryStart(TrackedAlert tracked)
    {
        lock (_lock)
        {
            if (_tracked.Count >= maxActive)
            {
                return false;
            }

            var alert = tracked.Alert;
            if (IsTakenUnderLock(alert.Key, tracked.Series))
            {
                alert = alert with { Key = AlertKey.Distinct(alert.Rule, tracked.Series.Instance) };
            }

            if (!_keys.TryAdd(alert.Key, tracked.Series))
            {
                return false;
            }

            _tracked.Add(tracked.Series, tracked with { Alert = alert });
            notify(alert);
            return true;
        }
    }

    /// <summary>
    /// Replaces what the evaluation has read by what it has decided; does nothing when somebody has resolved the alert in
    /// the meantime, for the next evaluation decides anew.
    /// </summary>
    public void Commit(TrackedAlert read, TrackedAlert decided, AlertTransition transition)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_tracked.GetValueOrDefault(read.Series), read))
            {
                return;
            }

            if (decided.Lifecycle.Phase == AlertPhase.Quiet)
            {
                _tracked.Remove(read.Series);
                _keys.Remove(read.Alert.Key);
            }
            else
            {
                _tracked[read.Series] = decided;
            }

            if (transition == AlertTransition.Resolved)
            {
                _resolved.Add((decided.Series, decided.Alert));
            }

            if (transition is AlertTransition.Resolved or AlertTransition.SeverityChanged)
            {
                notify(decided.Alert);
            }
        }
    }

    public AlertAcknowledgeOutcome Acknowledge(string key, DateTimeOffset now, string? note, string? by)
    {
        _ = now;
        _ = note;
        _ = by;
        return Find(key) is null ? AlertAcknowledgeOutcome.NotFound : AlertAcknowledgeOutcome.AlreadyResolved;
    }

    public AlertResolveOutcome Resolve(string key, DateTimeOffset now, string? note, string? by)
    {
        lock (_lock)
        {
            if (_keys.TryGetValue(key, out var series) && _tracked[series] is { Lifecycle.Phase: AlertPhase.Firing } firing)
            {
                var ended = firing.End(AlertResolution.Manual, now, note, by);
                _tracked[series] = ended with { Lifecycle = firing.Lifecycle.Mute() };
                _resolved.Add((series, ended.Alert));
                notify(ended.Alert);
                return AlertResolveOutcome.Resolved;
            }

            return FindUnderLock(key) is null ? AlertResolveOutcome.NotFound : AlertResolveOutcome.AlreadyResolved;
        }
    }

    private Alert? FindUnderLock(string key) =>
        _keys.TryGetValue(key, out var series)
            ? _tracked[series].Alert
            : _resolved.ToList().FirstOrDefault(entry => entry.Alert.Key == key).Alert;

    private bool IsTakenUnderLock(string key, AlertSeries series) =>
        _keys.ContainsKey(key) || _resolved.ToList().Any(entry => entry.Alert.Key == key && entry.Series != series);
}
