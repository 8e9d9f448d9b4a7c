namespace Monitoring.Alerts.Outbox;

/// <summary>Alerts that share a notice. Guarded by the lock of its channel; on the agenda when its next notice is due.</summary>
/// <param name="key">The values of its labels.</param>
/// <param name="labels">What its alerts have in common.</param>
internal sealed class NoticeGroup(string key, IReadOnlyDictionary<string, string> labels) : AgendaItem
{
    public string Key { get; } = key;

    public IReadOnlyDictionary<string, string> Labels { get; } = labels;

    /// <summary>Alerts of which there is something new to be told.</summary>
    public HashSet<ChannelAlert> Waiting { get; } = [];

    /// <summary>How many alerts belong to it; without any it is forgotten.</summary>
    public int Members { get; set; }

    /// <summary>When a notice of it was last sent; null when none was.</summary>
    public TimeSpan? SentAt { get; set; }
}
