using Monitoring.Services;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>The services that this one depends on, as many as the options admit.</summary>
internal static class ServiceMetrics
{
    public static readonly Metric Health = new("monitoring_service_health", MetricType.Gauge, "", "0 healthy, 1 warning, 2 critical; a service that is optional is 1 at most, one that has not been asked yet is not there.", "service");
    public static readonly Metric Checks = new("monitoring_service_checks", MetricType.Counter, "", "How often the service was asked.", "service");
    public static readonly Metric Failures = new("monitoring_service_failures", MetricType.Counter, "", "How often it failed.", "service");
    public static readonly Metric ResponseTime = new("monitoring_service_response_time_seconds", MetricType.Gauge, "seconds", "How long its last answer took.", "service");
    public static readonly Metric Uptime = new("monitoring_service_uptime_ratio", MetricType.Gauge, "ratio", "Share of the last hour, as far as it is known, for which the service was not critical.", "service");
    public static readonly Metric Recoveries = new("monitoring_service_recovery_attempts", MetricType.Counter, "", "Attempts to bring the service back.", "service");

    public static IReadOnlyList<Metric> All { get; } = [Health, Checks, Failures, ResponseTime, Uptime, Recoveries];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
        var services = monitor.GetServiceSummary().Services;
        Each(Health, static service => service.Status == ServiceStatus.Unknown ? null : ServiceMonitor.Level(service.Status, service.IsOptional));
        Each(Checks, static service => service.TotalChecks);
        Each(Failures, static service => service.TotalFailures);
        Each(ResponseTime, static service => service.ResponseTime?.TotalSeconds);
        Each(Uptime, static service => service.Observed > TimeSpan.Zero ? service.UptimePercent / 100 : null);
        Each(Recoveries, static service => service.TotalRecoveries);

        void Each(Metric metric, Func<ServiceHealth, double?> value) => writer.Each(metric, services, static service => service.Name, value);
    }
}
