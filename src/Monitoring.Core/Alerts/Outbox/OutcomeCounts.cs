namespace Monitoring.Alerts.Outbox;

/// <summary>How many alerts came to which end, for one channel. Guarded by the lock of its channel.</summary>
internal sealed class OutcomeCounts
{
    private readonly Dictionary<string, long> _suppressed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _failed = new(StringComparer.Ordinal);

    public long Fired { get; set; }

    public long Delivered { get; private set; }

    public IReadOnlyDictionary<string, long> Suppressed => new Dictionary<string, long>(_suppressed, StringComparer.Ordinal).AsReadOnly();

    public IReadOnlyDictionary<string, long> Failed => new Dictionary<string, long>(_failed, StringComparer.Ordinal).AsReadOnly();

    /// <summary>Counts an outcome, or takes one back (<paramref name="by"/> below zero) that another one replaces.</summary>
    public void Add(AlertDeliveryOutcome outcome, string? reason, long by = 1)
    {
        switch (outcome)
        {
            case AlertDeliveryOutcome.Delivered:
                Delivered += by;
                break;
            case AlertDeliveryOutcome.Suppressed:
                Add(_suppressed, reason, by);
                break;
            case AlertDeliveryOutcome.Failed:
                Add(_failed, reason, by);
                break;
        }
    }

    private static void Add(Dictionary<string, long> counts, string? reason, long by)
    {
        var count = counts.GetValueOrDefault(reason ?? "") + by;
        if (count == 0)
        {
            counts.Remove(reason ?? "");
        }
        else
        {
            counts[reason ?? ""] = count;
        }
    }
}
