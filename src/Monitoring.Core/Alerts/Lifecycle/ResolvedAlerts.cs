namespace Monitoring.Alerts.Lifecycle;

/// <summary>The alerts that were resolved last, bounded, and found by key without a search. Not thread-safe: the registry's lock guards it.</summary>
internal sealed class ResolvedAlerts(int capacity)
{
    private readonly Queue<(AlertSeries Series, Alert Alert)> _alerts = new();

    // A key stands for one series as long as one of its alerts is kept.
    private readonly Dictionary<string, (AlertSeries Series, Alert Newest, int Count)> _keys = new(StringComparer.Ordinal);

    /// <summary>Adds an alert.</summary>
    /// <returns>The alert that had to give way; null when none had.</returns>
    public Alert? Add(AlertSeries series, Alert alert)
    {
        if (capacity == 0)
        {
            return alert;
        }

        var removed = _alerts.Count == capacity ? RemoveOldest() : null;
        _alerts.Enqueue((series, alert));
        _keys[alert.Key] = (series, alert, _keys.TryGetValue(alert.Key, out var known) ? known.Count + 1 : 1);
        return removed;
    }

    /// <summary>The kept alerts, newest first.</summary>
    public Alert[] ToArray()
    {
        var alerts = new Alert[_alerts.Count];
        var place = alerts.Length;
        foreach (var (_, alert) in _alerts)
        {
            alerts[--place] = alert;
        }

        return alerts;
    }

    /// <summary>The one of that key that was resolved last; null when none is kept.</summary>
    public Alert? Find(string key) => _keys.TryGetValue(key, out var known) ? known.Newest : null;

    /// <summary>Whether a key stands for another series.</summary>
    public bool IsTaken(string key, AlertSeries series) => _keys.TryGetValue(key, out var known) && known.Series != series;

    private Alert RemoveOldest()
    {
        var (_, alert) = _alerts.Dequeue();
        var known = _keys[alert.Key];
        if (known.Count == 1)
        {
            _keys.Remove(alert.Key);
        }
        else
        {
            _keys[alert.Key] = known with { Count = known.Count - 1 };
        }

        return alert;
    }
}
