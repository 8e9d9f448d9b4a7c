using Monitoring.Caches;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>Caches: as many as the options admit, the others <c>OTHER</c>.</summary>
internal static class CacheMetrics
{
    public static readonly Metric Lookups = new(
        "monitoring_cache_lookups", MetricType.Counter, "", "Lookups in caches, by result (hit, miss).", "cache", "source", "result");

    public static readonly Metric LastMinute = new(
        "monitoring_cache_lookups_last_minute", MetricType.Gauge, "", "Lookups in the last minute: what the hit ratio is of.", "cache", "source");

    public static readonly Metric HitRatio = new(
        "monitoring_cache_hit_ratio", MetricType.Gauge, "ratio", "Share of the lookups of the last minute that found something, 0 to 1.", "cache", "source");

    public static IReadOnlyList<Metric> All { get; } = [Lookups, LastMinute, HitRatio];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
        var totals = monitor.Caches.GetTotals();
        var minute = monitor.Caches.GetSummary(Exposition.Window).Caches;

        writer.Begin(Lookups);
        foreach (var (name, source, counts) in totals)
        {
            writer.Sample(counts.Hits, name, NameOf(source), "hit");
            writer.Sample(counts.Misses, name, NameOf(source), "miss");
        }

        writer.Begin(LastMinute);
        foreach (var cache in minute)
        {
            writer.Sample(cache.Lookups, cache.Name, NameOf(cache.Source));
        }

        // Of no lookups there is no share.
        writer.Begin(HitRatio);
        foreach (var cache in minute)
        {
            writer.Sample(cache.Lookups > 0 ? cache.HitRatePercent / 100 : null, cache.Name, NameOf(cache.Source));
        }
    }

    /// <summary>The source as the label has it.</summary>
    public static string NameOf(CacheSource source) => source switch
    {
        CacheSource.Recorded => "recorded",
        CacheSource.Redis => "redis",
        CacheSource.MemoryCache => "memory_cache",
        _ => "hybrid_cache",
    };
}
