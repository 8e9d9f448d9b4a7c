using Monitoring.Latency;

namespace Monitoring.Webhooks;

/// <summary>What is known of one phase over all webhooks. Thread-safe; recording is lock-free and allocates nothing.</summary>
internal sealed class PhaseSeries(string name, SliceClock clock)
{
    private readonly LatencyRecorder _wall = new(clock);
    private readonly WindowedCounter _selfTicks = new(clock);

    /// <summary>Records one webhook's time in the phase.</summary>
    public void Record(WebhookPhaseTime time)
    {
        _wall.Record(time.Wall);
        _selfTicks.Add(Math.Max(time.Self.Ticks, 0));
    }

    /// <summary>What was counted since the start.</summary>
    public PhaseTotals GetTotals() => new(name, _wall.GetTotals(), _selfTicks.TotalCount);

    /// <summary>The phase over a window in which all webhooks together took <paramref name="total"/>.</summary>
    public WebhookPhaseSummary Summarize(TimeSpan window, TimeSpan total)
    {
        var self = _selfTicks.GetCount(window);
        var wall = _wall.GetSnapshot(window);
        return new WebhookPhaseSummary
        {
            Name = name,
            Count = wall.Count,
            Average = wall.Average,
            P95 = wall.P95,
            AverageSelf = wall.Count > 0 ? TimeSpan.FromTicks(self / wall.Count) : TimeSpan.Zero,
            SharePercent = total > TimeSpan.Zero ? Math.Min(100.0 * self / total.Ticks, 100) : 0,
        };
    }
}
