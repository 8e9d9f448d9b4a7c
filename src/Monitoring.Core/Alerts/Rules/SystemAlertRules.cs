using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>The default rules about processor, memory and disks, of the container where it is limited.</summary>
internal static class SystemAlertRules
{
    public static IEnumerable<AlertRule> From(AlertThresholds t, double hysteresis)
    {
        yield return Rule(MetricNames.CpuUsage, new ThresholdPair(t.CpuWarningPercent, t.CpuCriticalPercent),
            static reading => $"Processors are busy {AlertText.Quantity(reading.Value, "%")} of the time") with
        {
            Windowed = true,
        };
        yield return Rule(MetricNames.MemoryUsage, new ThresholdPair(t.MemoryWarningPercent, t.MemoryCriticalPercent),
            static reading => $"{AlertText.Quantity(reading.Value, "%")} of the memory is used");
        yield return Rule(MetricNames.DiskUsage, new ThresholdPair(t.DiskWarningPercent, t.DiskCriticalPercent),
            static reading => $"{DefaultAlertRules.Subject("Disk", reading)}: {AlertText.Quantity(reading.Value, "%")} is used");

        AlertRule Rule(string metric, ThresholdPair thresholds, Func<MetricReading, string> describe) => new(metric, AlertCategory.System, "%")
        {
            Describe = describe,
            Thresholds = _ => thresholds,

            // Little: 10 % of 95 would keep a disk that is well again, at 86, critical.
            Hysteresis = Math.Min(hysteresis, 0.02),
        };
    }
}
