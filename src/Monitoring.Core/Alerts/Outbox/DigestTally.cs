namespace Monitoring.Alerts.Outbox;

/// <summary>Counts alerts that were too many to be kept one by one. Guarded by the lock of its channel.</summary>
/// <param name="generation">Which digest of the channel it is.</param>
internal sealed class DigestTally(int generation)
{
    private readonly Dictionary<string, long> _countByRule = new(StringComparer.Ordinal);
    private long _count;
    private long _critical;
    private DateTimeOffset _from = DateTimeOffset.MaxValue;
    private DateTimeOffset _to = DateTimeOffset.MinValue;

    public int Generation { get; } = generation;

    public long Count => _count;

    public void Add(Alert alert)
    {
        var end = alert.ResolvedAt ?? alert.LastSeenAt;
        Add(1, alert.Severity == AlertSeverity.Critical ? 1 : 0, alert.StartedAt, end);
        _countByRule[alert.Rule] = _countByRule.GetValueOrDefault(alert.Rule) + 1;
    }

    public void Add(AlertDigest digest)
    {
        Add(digest.Count, digest.Critical, digest.From, digest.To);
        foreach (var (rule, count) in digest.CountByRule)
        {
            _countByRule[rule] = _countByRule.GetValueOrDefault(rule) + count;
        }
    }

    public AlertDigest ToDigest() => new(_count, _critical, _from, _to, new Dictionary<string, long>(_countByRule, StringComparer.Ordinal).AsReadOnly());

    private void Add(long count, long critical, DateTimeOffset from, DateTimeOffset to)
    {
        _count += count;
        _critical += critical;
        _from = from < _from ? from : _from;
        _to = to > _to ? to : _to;
    }
}
