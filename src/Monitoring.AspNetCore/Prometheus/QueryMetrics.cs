using Monitoring.Queries;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>Database queries by kind of database, of which eight are told apart, the others <c>OTHER</c>. No statement is in a label.</summary>
internal static class QueryMetrics
{
    public static readonly Metric Duration = new(
        "monitoring_query_duration_seconds", MetricType.Summary, "seconds", "Time of database queries.", "system");

    public static readonly Metric Failures = new(
        "monitoring_query_failures", MetricType.Counter, "", "Queries that failed; a caller that gave up is not a failure.", "system");

    public static readonly Metric Canceled = new(
        "monitoring_query_canceled", MetricType.Counter, "", "Queries that the caller gave up.", "system");

    public static readonly Metric Slow = new(
        "monitoring_query_slow", MetricType.Counter, "", "Queries that took at least Monitoring:Queries:SlowThreshold.", "system");

    public static readonly Metric LastMinute = new(
        "monitoring_queries_last_minute", MetricType.Gauge, "", "Queries in the last minute: what the percentiles are of.", "system");

    public static readonly Metric P50 = new(
        "monitoring_query_duration_p50_seconds", MetricType.Gauge, "seconds", "Median time of queries in the last minute.", "system");

    public static readonly Metric P95 = new(
        "monitoring_query_duration_p95_seconds", MetricType.Gauge, "seconds", "95th percentile of the time of queries in the last minute.", "system");

    public static readonly Metric P99 = new(
        "monitoring_query_duration_p99_seconds", MetricType.Gauge, "seconds", "99th percentile of the time of queries in the last minute.", "system");

    public static readonly Metric Repeated = new(
        "monitoring_query_repeated", MetricType.Counter, "", "Requests, once for each statement, in which a statement ran Monitoring:Queries:RepeatThreshold times or more.");

    public static IReadOnlyList<Metric> All { get; } = [Duration, Failures, Canceled, Slow, LastMinute, P50, P95, P99, Repeated];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
        var totals = monitor.Queries.GetTotals();
        IReadOnlyList<DatabaseWindow> minute = [.. monitor.Queries.GetWindows(Exposition.Window).Where(static system => system.Latency.Count > 0)];

        writer.Begin(Duration);
        foreach (var system in totals)
        {
            writer.Summary(system.Latency.Count, system.Latency.Seconds, system.System);
        }

        writer.Each(Failures, totals, static system => system.System, static system => system.Failures);
        writer.Each(Canceled, totals, static system => system.System, static system => system.Canceled);
        writer.Each(Slow, totals, static system => system.System, static system => system.Slow);
        writer.Each(LastMinute, minute, static system => system.System, static system => system.Latency.Count);
        writer.Each(P50, minute, static system => system.System, static system => system.Latency.P50.TotalSeconds);
        writer.Each(P95, minute, static system => system.System, static system => system.Latency.P95.TotalSeconds);
        writer.Each(P99, minute, static system => system.System, static system => system.Latency.P99.TotalSeconds);
        writer.Begin(Repeated);
        writer.Sample(monitor.Queries.RepeatedTotal);
    }
}
