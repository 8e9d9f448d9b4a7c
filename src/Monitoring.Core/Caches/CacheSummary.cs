namespace Monitoring.Caches;

/// <summary>Hits and misses of caches over one window. Zeros everywhere when there was nothing. Immutable.</summary>
public sealed class CacheSummary
{
    /// <summary>How far back it looks; an hour at most.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Lookups of all caches: those that asked two caches one after the other count twice.</summary>
    public long Lookups { get; init; }

    /// <summary>Those that found something.</summary>
    public long Hits { get; init; }

    /// <summary>Those that found nothing.</summary>
    public long Misses { get; init; }

    /// <summary>Share of the lookups that found something, 0–100; 0 without any.</summary>
    public double HitRatePercent { get; init; }

    /// <summary>Each cache that was ever asked, the busiest first.</summary>
    public IReadOnlyList<CacheStatistics> Caches { get; init; } = [];

    /// <summary>Lookups since the start whose cache found no room and was summed up as <c>OTHER</c>.</summary>
    public long OverflowedCaches { get; init; }
}

/// <summary>One cache over one window. Immutable.</summary>
public sealed class CacheStatistics
{
    /// <summary>Name of the cache.</summary>
    public required string Name { get; init; }

    /// <summary>Who tells of its lookups.</summary>
    public CacheSource Source { get; init; }

    /// <summary>Lookups.</summary>
    public long Lookups { get; init; }

    /// <summary>Those that found something.</summary>
    public long Hits { get; init; }

    /// <summary>Those that found nothing.</summary>
    public long Misses { get; init; }

    /// <summary>Share of the lookups that found something, 0–100; 0 without any.</summary>
    public double HitRatePercent { get; init; }
}
