namespace Monitoring.AspNetCore.Prometheus;

internal static class RequestMetrics
{
    public static IReadOnlyList<Metric> All { get; } = [];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
    }
}
