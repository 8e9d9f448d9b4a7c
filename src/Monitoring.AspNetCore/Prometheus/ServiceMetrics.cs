namespace Monitoring.AspNetCore.Prometheus;

internal static class ServiceMetrics
{
    public static IReadOnlyList<Metric> All { get; } = [];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
    }
}
