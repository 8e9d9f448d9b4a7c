using System.Globalization;

namespace Monitoring.Redis;

/// <summary>What an operator wants to know first when an alert about Redis starts.</summary>
internal static class RedisAlertContext
{
    private const int Top = 3;

    public static Dictionary<string, string> OfLatency(RedisOperationStatistics? statistics, RedisTimeoutDiagnosis? timeout, RedisLatencyVerdict verdict) => statistics is null ? [] : Explained(timeout, new()
    {
        ["operation"] = statistics.Operation,
        ["count"] = Text(statistics.Count),
        ["averageMs"] = Text(statistics.Average.TotalMilliseconds),
        ["p99Ms"] = Text(statistics.P99.TotalMilliseconds),
        ["maximumMs"] = Text(statistics.Maximum.TotalMilliseconds),
        ["failures"] = Text(statistics.Failures),

        // Of all commands: neither a server nor a network is slow for one of them alone.
        ["latencyCause"] = verdict.Cause.ToString(),
        ["latencyExplanation"] = verdict.Explanation,
    });

    public static Dictionary<string, string> OfFailures(RedisOperationSummary summary, RedisTimeoutDiagnosis? timeout) => Explained(timeout, new()
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
    });

    // The newest timeout of the most frequent cause stands for all of them.
    private static Dictionary<string, string> Explained(RedisTimeoutDiagnosis? timeout, Dictionary<string, string> context)
    {
        if (timeout is not null)
        {
            context["timeoutCause"] = timeout.Cause.ToString();
            context["timeoutExplanation"] = timeout.Explanation;
        }

        return context;
    }

    private static string Join(IEnumerable<(string Name, long Count)> counts) => string.Join(
        ", ",
        counts.Where(static entry => entry.Count > 0).OrderByDescending(static entry => entry.Count).Take(Top).Select(static entry => $"{entry.Name} {Text(entry.Count)}"));

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
