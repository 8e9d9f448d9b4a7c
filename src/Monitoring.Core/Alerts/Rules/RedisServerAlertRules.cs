using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>The default rules about what Redis servers say of themselves. Each value is of the time between two polls.</summary>
internal static class RedisServerAlertRules
{
    public static IEnumerable<AlertRule> From(AlertThresholds t, double hysteresis)
    {
        yield return Rule(MetricNames.RedisMemory, "%", new ThresholdPair(t.RedisMemoryWarningPercent, t.RedisMemoryCriticalPercent),
            static reading => $"{AlertText.Quantity(reading.Value, "%")} of maxmemory is used");
        yield return Rule(MetricNames.RedisEvictions, "keys/s", new ThresholdPair(t.RedisEvictionsWarningPerSecond, t.RedisEvictionsCriticalPerSecond),
            static reading => $"{AlertText.Quantity(reading.Value, "keys/s")} are evicted for lack of memory");

        // Any is one too many: that client got an error in place of a connection.
        yield return Rule(MetricNames.RedisRejectedConnections, "", new ThresholdPair(ThresholdPair.Never, 1),
            static reading => reading.Value >= 1 ? $"{reading.Value:0} connections were rejected since the last poll (maxclients)" : "connections are accepted again");
        yield return Rule(MetricNames.RedisReplicationLag, "ms", ThresholdPair.Of(t.RedisReplicationLagWarning, t.RedisReplicationLagCritical),
            static reading => $"replication has been silent for {AlertText.Quantity(reading.Value, "ms")}");

        // Rules compare "at or above": the threshold of the hit rate, 70 %, is one of the misses, 30 %.
        yield return Rule(MetricNames.RedisMissRate, "%", new ThresholdPair(Misses(t.RedisHitRateWarningPercent), Misses(t.RedisHitRateCriticalPercent)),
            static reading => $"the hit rate is {AlertText.Quantity(100 - reading.Value, "%")}, {AlertText.Quantity(reading.Value, "%")} of the lookups missed") with
        {
            Windowed = true,
            MinimumCount = t.RedisHitRateMinimumLookups,
        };

        AlertRule Rule(string metric, string unit, ThresholdPair thresholds, Func<MetricReading, string> describe) => new(metric, AlertCategory.Redis, unit)
        {
            Describe = reading => $"{DefaultAlertRules.Subject("Redis server", reading)}: {describe(reading)}",
            Thresholds = _ => thresholds,
            Hysteresis = hysteresis,
        };
    }

    private static double Misses(double hitRate) => hitRate > 0 ? 100 - hitRate : ThresholdPair.Never;
}
