using System.Diagnostics;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>The monitor itself.</summary>
internal static class SelfMetrics
{
    public static readonly Metric Build = new("monitoring_build", MetricType.Info, "", "Version of the monitor.", "version");
    public static readonly Metric InternalErrors = new("monitoring_internal_errors", MetricType.Counter, "", "Errors of the monitor itself, none of which reached the application.");
    public static readonly Metric Overflow = new("monitoring_overflow", MetricType.Counter, "", "What was counted as OTHER, or not shown, because a table was full.", "table");
    public static readonly Metric Scrape = new("monitoring_scrape_duration_seconds", MetricType.Gauge, "seconds", "How long it took to read and write what stands above.");

    private static readonly string Version = typeof(IPerformanceMonitor).Assembly.GetName().Version?.ToString(3) ?? "";

    public static IReadOnlyList<Metric> All { get; } = [Build, InternalErrors, Overflow, Scrape];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor, long startedAt)
    {
        var (operations, connections, channels) = monitor.Redis.GetOverflows();
        writer.Begin(Build);
        writer.Sample(1, Version);
        writer.Begin(InternalErrors);
        writer.Sample(monitor.Redis.Errors.Count);
        writer.Begin(Overflow);
        writer.Sample(monitor.Webhooks.OverflowedEndpoints, "webhook_endpoints");
        writer.Sample(monitor.Webhooks.OverflowedPhases, "webhook_phases");
        writer.Sample(monitor.Requests.OverflowedEndpoints, "request_endpoints");
        writer.Sample(monitor.Queries.OverflowedStatements, "query_statements");
        writer.Sample(operations, "redis_operations");
        writer.Sample(connections, "redis_connections");
        writer.Sample(channels, "redis_channels");
        writer.Sample(monitor.Caches.Overflowed, "caches");
        writer.Sample(monitor.Measurements.Dropped, "measurements");
        writer.Sample(monitor.Services.Overflowed, "services");
        writer.Begin(Scrape);
        writer.Sample(Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
    }
}
