using Monitoring.Requests;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>Requests and other operations: by endpoint with its method, as many as the options admit, the others <c>OTHER</c>.</summary>
internal static class RequestMetrics
{
    public static readonly Metric Duration = new(
        "monitoring_request_duration_seconds", MetricType.Summary, "seconds", "Time of requests and other operations.", "endpoint");

    public static readonly Metric Failures = new(
        "monitoring_request_failures", MetricType.Counter, "", "Requests that failed; what the caller did wrong (4xx) is no failure.", "endpoint");

    public static readonly Metric Responses = new(
        "monitoring_request_responses", MetricType.Counter, "", "Responses by the class of their HTTP status.", "endpoint", "status");

    public static readonly Metric CacheLookups = new(
        "monitoring_request_cache_lookups", MetricType.Counter, "", "Requests that asked a cache, by what came of it.", "endpoint", "result");

    public static readonly Metric InFlight = new(
        "monitoring_requests_in_flight", MetricType.Gauge, "", "Requests that are going on.", "endpoint");

    public static readonly Metric LastMinute = new(
        "monitoring_requests_last_minute", MetricType.Gauge, "", "Requests in the last minute: what the percentiles are of.", "endpoint");

    public static readonly Metric P50 = new(
        "monitoring_request_duration_p50_seconds", MetricType.Gauge, "seconds", "Median time of requests in the last minute.", "endpoint");

    public static readonly Metric P95 = new(
        "monitoring_request_duration_p95_seconds", MetricType.Gauge, "seconds", "95th percentile of the time of requests in the last minute.", "endpoint");

    public static readonly Metric P99 = new(
        "monitoring_request_duration_p99_seconds", MetricType.Gauge, "seconds", "99th percentile of the time of requests in the last minute.", "endpoint");

    public static readonly Metric FailureRatio = new(
        "monitoring_request_failure_ratio", MetricType.Gauge, "ratio", "Failed share of the requests of the last minute, 0 to 1; not there when there were none.");

    public static IReadOnlyList<Metric> All { get; } = [Duration, Failures, Responses, CacheLookups, InFlight, LastMinute, P50, P95, P99, FailureRatio];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
        var totals = monitor.Requests.GetTotals();
        var summary = monitor.GetRequestSummary(Exposition.Window);
        IReadOnlyList<RequestEndpointSummary> minute = [.. summary.Endpoints.Where(static endpoint => endpoint.Count > 0)];

        writer.Begin(Duration);
        foreach (var endpoint in totals)
        {
            writer.Summary(endpoint.Latency.Count, endpoint.Latency.Seconds, endpoint.Name);
        }

        writer.Each(Failures, totals, static endpoint => endpoint.Name, static endpoint => endpoint.Failures);
        WriteResponses(writer, totals);
        writer.Begin(CacheLookups);
        foreach (var endpoint in totals.Where(static endpoint => endpoint.CacheHits + endpoint.CacheMisses > 0))
        {
            writer.Sample(endpoint.CacheHits, endpoint.Name, "hit");
            writer.Sample(endpoint.CacheMisses, endpoint.Name, "miss");
        }

        writer.Each(InFlight, totals, static endpoint => endpoint.Name, static endpoint => endpoint.InFlight);
        Minute(LastMinute, static endpoint => endpoint.Count);
        Minute(P50, static endpoint => endpoint.P50.TotalSeconds);
        Minute(P95, static endpoint => endpoint.P95.TotalSeconds);
        Minute(P99, static endpoint => endpoint.P99.TotalSeconds);
        writer.Begin(FailureRatio);
        writer.Sample(summary.Count > 0 ? (double)summary.Failures / summary.Count : null);

        void Minute(Metric metric, Func<RequestEndpointSummary, double?> value) => writer.Each(metric, minute, static endpoint => endpoint.Name, value);
    }

    // A class that never occurred is left out: an operation has none, and most endpoints have two or three.
    private static void WriteResponses(ExpositionWriter writer, RequestSeriesTotals[] totals)
    {
        writer.Begin(Responses);
        foreach (var endpoint in totals)
        {
            Class(endpoint.Statuses.Status1xx, "1xx");
            Class(endpoint.Statuses.Status2xx, "2xx");
            Class(endpoint.Statuses.Status3xx, "3xx");
            Class(endpoint.Statuses.Status4xx, "4xx");
            Class(endpoint.Statuses.Status5xx, "5xx");

            void Class(long count, string status)
            {
                if (count > 0)
                {
                    writer.Sample(count, endpoint.Name, status);
                }
            }
        }
    }
}
