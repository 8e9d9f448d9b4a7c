namespace Monitoring.Alerts.Outbox;

/// <summary>What a channel was told of an alert.</summary>
internal enum Told
{
    Nothing,

    /// <summary>That it fires, at a severity.</summary>
    Firing,
}

/// <summary>
/// What one channel knows of one alert: how the alert is, and what the channel was told of it. Guarded by the lock of its
/// channel. Times are of the steady clock and may be negative: they can be of an earlier process.
/// </summary>
internal sealed class ChannelAlert : AgendaItem
{
    /// <summary>The alert as it is.</summary>
    public required Alert Alert { get; set; }

    /// <summary>The group in whose notices it is told.</summary>
    public required NoticeGroup Group { get; set; }

    /// <summary>When it fired.</summary>
    public TimeSpan FiredAt { get; init; }

    /// <summary>The highest severity that it had while nothing kept it quiet; null when something always has.</summary>
    public AlertSeverity? Reached { get; set; }

    /// <summary>What keeps it quiet, or kept it quiet to its end.</summary>
    public AlertSuppression? Suppression { get; set; }

    /// <summary>Whether it was over before the channel's time to be told of it came (<see cref="AlertChannelOptions.EscalateAfter"/>).</summary>
    public bool EndedTooSoon { get; set; }

    public Told Told { get; set; }

    /// <summary>The severity that the channel was told, or that it refused to hear.</summary>
    public AlertSeverity ToldSeverity { get; set; }

    /// <summary>When the channel was told last, or refused to hear.</summary>
    public TimeSpan ToldAt { get; set; }

    /// <summary>The same on the wall clock, which outlives the process.</summary>
    public DateTimeOffset? ToldAtUtc { get; set; }

    public string? Receipt { get; set; }

    /// <summary>Nothing is told before that, because an attempt failed for good.</summary>
    public TimeSpan NotBefore { get; set; } = TimeSpan.MinValue;

    /// <summary>Since when the channel refuses to hear that it is over; null when it does not.</summary>
    public TimeSpan? RefusedSince { get; set; }

    public AlertDeliveryOutcome Outcome { get; set; }

    public string? Reason { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Whether it is in the notice that is under way: what is new meanwhile waits for the next one.</summary>
    public bool InFlight { get; set; }

    /// <summary>Its place among those that are over and still to be told; null while it fires.</summary>
    public LinkedListNode<ChannelAlert>? Ended { get; set; }

    public bool IsOver => Alert.State == AlertState.Resolved;
}
