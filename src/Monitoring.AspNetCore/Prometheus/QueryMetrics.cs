namespace Monitoring.AspNetCore.Prometheus;

internal static class QueryMetrics
{
    public static IReadOnlyList<Metric> All { get; } = [];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
    }
}
