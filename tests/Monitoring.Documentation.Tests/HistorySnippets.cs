using Monitoring.History;

namespace Monitoring.Documentation.Tests;

/// <summary>The code block of docs/history.md, compiled.</summary>
internal static class HistorySnippets
{
    public static void Read(IPerformanceMonitor monitor, Action<DateTimeOffset, double, double> show)
    {
        // snippet: read
        var now = monitor.TimeProvider.GetUtcNow();
        var history = monitor.History.Read([HistoryMetrics.RedisLatency], now - TimeSpan.FromHours(6), now, points: 300);
        foreach (var series in history.Series)
        {
            for (var i = 0; i < history.Count; i++)
            {
                show(history.StartAt + (i * history.Step), series.Average[i], series.Maximum[i]);
            }
        }
        // end
    }
}
