using System.Globalization;

namespace Monitoring.Redis;

/// <summary>What an operator wants to know first when an alert about Redis starts.</summary>
internal static class RedisAlertContext
{
    private const int Top = 3;

    public static Dictionary<string, string> OfLatency(RedisOperationRecorder recorder, TimeSpan window)
    {
        var statistics = recorder.GetStatistics(window, recorder.GetLatency(window));
        return new Dictionary<string, string>
        {
            ["operation"] = statistics.Operation,
            ["count"] = Text(statistics.Count),
            ["averageMs"] = Text(statistics.Average.TotalMilliseconds),
            ["p99Ms"] = Text(statistics.P99.TotalMilliseconds),
            ["maximumMs"] = Text(statistics.Maximum.TotalMilliseconds),
            ["failures"] = Text(statistics.Failures),
        };
    }

    public static Dictionary<string, string> OfFailures(RedisOperationSummary summary) => new()
    {
        ["operations"] = Text(summary.TotalOperations),
        ["timeout"] = Text(summary.Failures.Timeout),
        ["connection"] = Text(summary.Failures.Connection),
        ["server"] = Text(summary.Failures.Server),
        ["rejected"] = Text(summary.Failures.Rejected),
        ["topOperations"] = Join(summary.OperationsByType.Values.Select(static operation => (operation.Operation, operation.Failures))),
        ["topErrors"] = Join(summary.OperationsByType.Values
            .SelectMany(static operation => operation.Errors)
            .GroupBy(static error => error.Key, static (error, counts) => (error, counts.Sum(static count => count.Value)))),
    };

    private static string Join(IEnumerable<(string Name, long Count)> counts) => string.Join(
        ", ",
        counts.Where(static entry => entry.Count > 0).OrderByDescending(static entry => entry.Count).Take(Top).Select(static entry => $"{entry.Name} {Text(entry.Count)}"));

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
