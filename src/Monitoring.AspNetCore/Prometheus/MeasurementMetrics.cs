namespace Monitoring.AspNetCore.Prometheus;

/// <summary>What the application measures itself: 100 names at most.</summary>
internal static class MeasurementMetrics
{
    public static readonly Metric Last = new("monitoring_measurement", MetricType.Gauge, "", "Last value of a metric of the application.", "name");

    public static IReadOnlyList<Metric> All { get; } = [Last];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor) =>
        writer.Each(Last, monitor.Measurements.GetSummary(Exposition.Window), static metric => metric.Name, static metric => metric.Last);
}
