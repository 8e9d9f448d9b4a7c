using System.Runtime.CompilerServices;
using Monitoring.Latency;

namespace Monitoring.Caches;

/// <summary>Hits and misses of one cache. Thread-safe; counting is wait-free and allocates nothing.</summary>
internal sealed class CacheSeries(string name, CacheSource source, SliceClock clock)
{
    private readonly WindowedCounter _hits = new(clock);
    private readonly WindowedCounter _misses = new(clock);

    public string Name => name;

    public CacheSource Source => source;

    /// <summary>Counts one lookup.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Record(bool hit) => (hit ? _hits : _misses).Add();

    /// <summary>Counts several lookups.</summary>
    public void Add(CacheCounts counts)
    {
        _hits.Add(counts.Hits);
        _misses.Add(counts.Misses);
    }

    public CacheCounts GetCounts(TimeSpan window) => new(_hits.GetCount(window), _misses.GetCount(window));

    public CacheCounts GetTotals() => new(_hits.TotalCount, _misses.TotalCount);
}
