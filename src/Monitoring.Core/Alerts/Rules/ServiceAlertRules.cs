using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>The default rule about services. Probes have thresholds of their own, so one bad state is enough.</summary>
internal static class ServiceAlertRules
{
    public static AlertRule Health() => new(MetricNames.ServiceHealth, AlertCategory.Service, "")
    {
        Describe = static reading =>
            $"Service {AlertText.Name(reading.Instance)} is {(reading.Value >= 2 ? "down" : reading.Value >= 1 ? "degraded" : "well")}"
            + (reading is { Value: >= 1, Text: { } reason } ? $": {reason.TrimEnd('.')}" : ""),
        Thresholds = static _ => new ThresholdPair(1, 2),
    };
}
