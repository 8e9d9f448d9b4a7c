namespace Monitoring.Caches;

/// <summary>Lookups of a cache.</summary>
/// <param name="Hits">Those that found something.</param>
/// <param name="Misses">Those that found nothing.</param>
internal readonly record struct CacheCounts(long Hits, long Misses)
{
    public long Lookups => Hits + Misses;

    /// <summary>Share of the lookups that found something, 0–100; 0 without any.</summary>
    public double HitRatePercent => Lookups > 0 ? 100.0 * Hits / Lookups : 0;

    public static CacheCounts operator +(CacheCounts left, CacheCounts right) => new(left.Hits + right.Hits, left.Misses + right.Misses);
}
