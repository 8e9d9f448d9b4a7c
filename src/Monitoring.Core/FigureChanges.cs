using Monitoring.Alerts;
using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring;

/// <summary>
/// Headline figures that moved far: the median of the last 30 seconds is at least twice or at most half that of the oldest minute
/// that is known of the last five, and the larger of the two is at or above the figure's floor, so that noise does not show. Medians,
/// so that a spike is no change and one that is under way shows where it goes. It is as old as the figure has been beyond the
/// middle of the two.
/// </summary>
internal static class FigureChanges
{
    private const double Factor = 2;
    private const int Recent = 30;
    private const int Before = 60;
    private const int FewestRecent = 15;
    private const int FewestBefore = 45;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private static readonly Figure[] Figures =
    [
        new(MetricNames.WebhookResponseTime, "95th percentile of webhooks", 100),
        new(HistoryMetrics.WebhookRate, "Webhooks per second", 5),
        new(HistoryMetrics.RedisLatency, "95th percentile of Redis", 5),
        new(HistoryMetrics.RedisRate, "Redis operations per second", 20),
        new(MetricNames.RedisFailureRate, "Failed share of Redis operations", 5),
        new(MetricNames.TaskQueueDepth, "Tasks waiting", 20),
        new(HistoryMetrics.TaskWaitTime, "95th percentile of the wait for a worker", 500),
        new(HistoryMetrics.TaskCompletionRate, "Tasks done per second", 5),
        new(MetricNames.RequestLatency, "95th percentile of requests", 100),
        new(HistoryMetrics.RequestRate, "Requests per second", 5),
        new(MetricNames.RequestErrorRate, "Failed share of requests", 5),
        new(MetricNames.CpuUsage, "Processor use", 20),
        new(HistoryMetrics.ThreadPoolQueueDelay, "Delay of the thread pool", 50),
        new(HistoryMetrics.GcPause, "Share of the time that the garbage collector stops the process", 5),
        new(HistoryMetrics.CacheHitRate, "Hit rate of the caches", 20),
    ];

    private static readonly string[] Metrics = Array.ConvertAll(Figures, static figure => figure.Metric);

    public static IEnumerable<RecentChange> Of(HistoryMonitor history, DateTimeOffset now)
    {
        var read = history.Read(Metrics, now - Window, now, (int)Window.TotalSeconds, instance: "");
        return read.Series.Select(series => Of(series, read.StartAt)).OfType<RecentChange>();
    }

    private static RecentChange? Of(HistorySeries series, DateTimeOffset startAt)
    {
        var figure = Array.Find(Figures, figure => figure.Metric == series.Metric);

        // Steps are seconds here: the window is what the finest resolution holds.
        var values = series.Average;
        var border = Math.Max(values.Count - Recent, 0);
        if (MedianOf(values.Take(border).Where(double.IsFinite).Take(Before), FewestBefore) is not { } before
            || MedianOf(values.Skip(border).Where(double.IsFinite), FewestRecent) is not { } after
            || Math.Max(before, after) < figure.Floor
            || (after < before * Factor && before < after * Factor))
        {
            return null;
        }

        var since = values.Count;
        var middle = (before + after) / 2;
        while (since > 0 && (double.IsNaN(values[since - 1]) || (values[since - 1] > middle) == (after > before)))
        {
            since--;
        }

        var moved = after > before ? "rose" : "fell";
        return new RecentChange(
            startAt + TimeSpan.FromSeconds(since), RecentChangeKind.Figure, null, series.Metric,
            $"{figure.Name} {moved} from {Show(before, series.Unit)} to {Show(after, series.Unit)}.");
    }

    private static double? MedianOf(IEnumerable<double> values, int fewest)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length < fewest ? null : sorted[sorted.Length / 2];
    }

    // The names say what is per second.
    private static string Show(double value, string unit) => AlertText.Quantity(value, unit == "/s" ? "" : unit);

    private readonly record struct Figure(string Metric, string Name, double Floor);
}
