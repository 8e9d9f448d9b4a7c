namespace Monitoring.History;

/// <summary>
/// How the figures of the monitor went over time, in memory: each second for five minutes, each ten seconds for an hour, each
/// minute for a day. Thread-safe.
/// </summary>
public sealed class HistoryMonitor
{
    /// <summary>What the store has of some metrics between two moments, on one regular grid.</summary>
    /// <param name="metrics">Names, as <see cref="HistorySeries.Metric"/> has them; all when empty.</param>
    /// <param name="from">Where the answer begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="points">How many points are wanted at most; 10 to 2,000.</param>
    public HistorySummary Read(IReadOnlyCollection<string> metrics, DateTimeOffset from, DateTimeOffset to, int points)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return new HistorySummary { StartAt = from, Step = TimeSpan.FromSeconds(1), OldestAt = to, Count = 0 };
    }

    /// <summary>The last value of each series.</summary>
    public IReadOnlyList<HistoryValue> GetLatest() => [];
}
