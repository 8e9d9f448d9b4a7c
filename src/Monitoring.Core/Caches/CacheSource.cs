namespace Monitoring.Caches;

/// <summary>Who tells of the lookups of a cache.</summary>
public enum CacheSource
{
    /// <summary>The application, by <see cref="CacheMonitor.Record"/>.</summary>
    Recorded,

    /// <summary>The replies to the reads of the monitored Redis connections.</summary>
    Redis,

    /// <summary>An <c>IMemoryCache</c> that tracks statistics.</summary>
    MemoryCache,

    /// <summary>The event source of <c>HybridCache</c>.</summary>
    HybridCache,
}
