using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>The default rule about caches, except what is read of Redis, which need not be a cache.</summary>
internal static class CacheAlertRules
{
    // Rules compare "at or above": the threshold of the hit rate, 70 %, is one of the misses, 30 %.
    public static IEnumerable<AlertRule> From(AlertThresholds t, double hysteresis)
    {
        var thresholds = new ThresholdPair(Misses(t.CacheHitRateWarningPercent), Misses(t.CacheHitRateCriticalPercent));
        yield return new AlertRule(MetricNames.CacheMissRate, AlertCategory.Cache, "%")
        {
            Describe = static reading =>
                $"{DefaultAlertRules.Subject("Cache", reading)}: the hit rate is {AlertText.Quantity(100 - reading.Value, "%")}, {AlertText.Quantity(reading.Value, "%")} of the lookups missed",
            Thresholds = _ => thresholds,
            Windowed = true,
            MinimumCount = t.CacheHitRateMinimumLookups,
            Hysteresis = hysteresis,
        };
    }

    private static double Misses(double hitRate) => hitRate > 0 ? 100 - hitRate : ThresholdPair.Never;
}
