namespace Monitoring.Alerts.Lifecycle;

/// <summary>Keeps the list of an alert's events short: the first one and the latest ones.</summary>
internal static class AlertTimeline
{
    /// <summary>Events that are kept of one alert.</summary>
    public const int Capacity = 50;

    /// <summary>The same alert with one event more.</summary>
    public static Alert With(this Alert alert, in AlertEvent happened) => alert with { Timeline = Append(alert.Timeline, happened) };

    /// <summary>A timeline with one event more.</summary>
    public static AlertEvent[] Append(IReadOnlyList<AlertEvent> before, in AlertEvent happened)
    {
        var after = new AlertEvent[Math.Min(before.Count + 1, Capacity)];

        // The first one stays; of the others the oldest gives way.
        var kept = after.Length - 1;
        for (var i = 0; i < kept; i++)
        {
            after[i] = before[i == 0 ? 0 : before.Count - kept + i];
        }

        after[^1] = happened;
        return after;
    }
}
