using Microsoft.Extensions.Caching.Memory;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Caches;

/// <summary>
/// Hits and misses of caches: those that the application records, and those of caches that count for themselves, which are asked
/// once a second. Thread-safe; recording never throws and never waits.
/// </summary>
public sealed class CacheMonitor : IMetricSource
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    private readonly SliceClock _clock;
    private readonly int _maxWatched;
    private readonly InternalErrors _errors;
    private readonly SeriesTable<CacheSeries> _recorded;
    private readonly Lock _lock = new();

    // Replaced as a whole under the lock, read without it.
    private volatile WatchedCache[] _watched = [];

    internal CacheMonitor(SliceClock clock, CacheOptions options, InternalErrors errors)
    {
        _clock = clock;
        _errors = errors;
        _maxWatched = options.MaxCaches;
        _recorded = new SeriesTable<CacheSeries>(options.MaxCaches, name => new CacheSeries(name, CacheSource.Recorded, clock));
    }

    /// <summary>Counts one lookup. Lock-free; allocates nothing once the name is known.</summary>
    /// <param name="cache">
    /// Name of the cache, of few different ones, such as <c>prices</c>; never a key. One of more than 128 characters, or without
    /// room, counts as <c>OTHER</c>.
    /// </param>
    /// <param name="hit">Whether it found something.</param>
    public void Record(string cache, bool hit) => _recorded.Get(cache).Record(hit);

    /// <summary>
    /// Watches a memory cache that is not registered as a service; those that are, are watched by themselves. Its statistics are read
    /// once a second; it must track them (<c>MemoryCacheOptions.TrackStatistics</c>). It is held until the result is disposed.
    /// </summary>
    /// <param name="name">Name to show it under.</param>
    /// <param name="cache">The cache.</param>
    /// <returns>Ends the watching when it is disposed.</returns>
    public IDisposable Watch(string name, IMemoryCache cache)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(cache);
        return Watch(name, CacheSource.MemoryCache, () => cache.GetCurrentStatistics() is { } now ? new CacheCounts(now.TotalHits, now.TotalMisses) : null);
    }

    /// <summary>Everything known about the last <paramref name="window"/>; an hour by default and at most.</summary>
    public CacheSummary GetSummary(TimeSpan? window = null)
    {
        var span = window is { } asked && asked < LongestWindow ? asked : LongestWindow;
        Tick();
        var caches = Series().Select(series => Summarize(series, span)).OrderByDescending(static cache => cache.Lookups).ThenBy(static cache => cache.Name, StringComparer.Ordinal).ToList();
        var all = new CacheCounts(caches.Sum(static cache => cache.Hits), caches.Sum(static cache => cache.Misses));
        return new CacheSummary
        {
            Window = span,
            Lookups = all.Lookups,
            Hits = all.Hits,
            Misses = all.Misses,
            HitRatePercent = all.HitRatePercent,
            Caches = caches,
            OverflowedCaches = _recorded.Overflowed,
        };
    }

    /// <summary>
    /// Adds the share of lookups that missed, of each cache that had any. Reads of Redis have a metric of their own, for which there is
    /// no default rule: what is read there need not be a cache.
    /// </summary>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
        foreach (var series in Series())
        {
            var counts = series.GetCounts(window);
            if (counts.Lookups > 0)
            {
                readings.Add(series.Source == CacheSource.Redis
                    ? new MetricReading(MetricNames.RedisLookupMissRate, 100 - counts.HitRatePercent, Count: counts.Lookups)
                    : new MetricReading(MetricNames.CacheMissRate, 100 - counts.HitRatePercent, series.Name, counts.Lookups));
            }
        }
    }

    /// <summary>Watches a cache that counts for itself.</summary>
    /// <param name="name">Name to show it under.</param>
    /// <param name="source">What it is.</param>
    /// <param name="totals">Its totals, which only grow; null while it has none. Called once a second, must not wait.</param>
    internal IDisposable Watch(string name, CacheSource source, Func<CacheCounts?> totals)
    {
        lock (_lock)
        {
            // A cache that goes and comes again goes on with its series; so there are no more of them than names.
            var series = Array.Find(_watched, watched => watched.Series.Name == name && watched.Series.Source == source)?.Series;
            if (series is null && _watched.Length >= _maxWatched)
            {
                return new Registration(null, null);
            }

            var watched = new WatchedCache(series ?? new CacheSeries(name, source, _clock), totals, _errors);
            _watched = [.. _watched, watched];
            return new Registration(this, watched);
        }
    }

    /// <summary>Reads the caches that count for themselves; called by the monitor's loop, and by who wants to know now.</summary>
    internal void Tick()
    {
        foreach (var watched in _watched)
        {
            watched.Read();
        }
    }

    /// <summary>Lookups since the start, by cache.</summary>
    internal IReadOnlyList<(string Name, CacheSource Source, CacheCounts Totals)> GetTotals() =>
        [.. Series().Select(static series => (series.Name, series.Source, series.GetTotals()))];

    /// <summary>Lookups since the start that found no room.</summary>
    internal long Overflowed => _recorded.Overflowed;

    private IEnumerable<CacheSeries> Series() =>
        _recorded.All.Concat(_watched.Where(static watched => watched.IsKnown).Select(static watched => watched.Series).Distinct());

    private static CacheStatistics Summarize(CacheSeries series, TimeSpan window)
    {
        var counts = series.GetCounts(window);
        return new CacheStatistics
        {
            Name = series.Name,
            Source = series.Source,
            Lookups = counts.Lookups,
            Hits = counts.Hits,
            Misses = counts.Misses,
            HitRatePercent = counts.HitRatePercent,
        };
    }

    private void Forget(WatchedCache watched)
    {
        lock (_lock)
        {
            _watched = [.. _watched.Where(other => other != watched)];
        }
    }

    private sealed class Registration(CacheMonitor? monitor, WatchedCache? watched) : IDisposable
    {
        public void Dispose() => monitor?.Forget(watched!);
    }
}
