using Monitoring.Telemetry;

namespace Monitoring.Caches;

/// <summary>A cache that counts for itself: its totals are read once a second, and what they have grown by is counted.</summary>
internal sealed class WatchedCache
{
    private readonly Func<CacheCounts?> _totals;
    private readonly InternalErrors _errors;
    private readonly Lock _lock = new();

    // The highest totals that were read; guarded by the lock.
    private CacheCounts _seen;
    private bool _isKnown;

    public WatchedCache(CacheSeries series, Func<CacheCounts?> totals, InternalErrors errors)
    {
        (Series, _totals, _errors) = (series, totals, errors);

        // What it counted before is history of which nobody knows when it was.
        if (Ask() is { } before)
        {
            (_seen, _isKnown) = (before, true);
        }
    }

    public CacheSeries Series { get; }

    /// <summary>Whether it has ever told anything: a memory cache without statistics never does.</summary>
    public bool IsKnown => Volatile.Read(ref _isKnown);

    /// <summary>Reads the totals. A cache that throws is counted as an error of the monitor's own.</summary>
    public void Read()
    {
        if (Ask() is { } now)
        {
            Take(now);
        }
    }

    private CacheCounts? Ask()
    {
        try
        {
            return _totals();
        }
        catch (Exception exception)
        {
            _errors.Report("caches", exception);
            return null;
        }
    }

    // Each total by itself counts on from the highest that was seen: of counters that are read one after the other while they
    // grow, one may seem to go back for a moment.
    private void Take(CacheCounts now)
    {
        lock (_lock)
        {
            Series.Add(new CacheCounts(Math.Max(0, now.Hits - _seen.Hits), Math.Max(0, now.Misses - _seen.Misses)));
            _seen = new CacheCounts(Math.Max(_seen.Hits, now.Hits), Math.Max(_seen.Misses, now.Misses));
            Volatile.Write(ref _isKnown, true);
        }
    }
}
