using System.Diagnostics.Tracing;

namespace Monitoring.Caches;

/// <summary>
/// Reads the counters of <c>HybridCache</c>, which it publishes through the event source <c>Microsoft-Extensions-HybridCache</c>: once
/// a second the totals since somebody began to listen, for the memory of the process and for the distributed cache behind it. Its
/// single events stay switched off. Thread-safe.
/// </summary>
internal sealed class HybridCacheListener : EventListener
{
    /// <summary>Name of the event source.</summary>
    public const string SourceName = "Microsoft-Extensions-HybridCache";

    private const string Interval = "EventCounterIntervalSec";
    private const string Counters = "EventCounters";

    // Each total is written by the thread that polls counters and read by the monitor's loop.
    private long _localHits = -1;
    private long _localMisses = -1;
    private long _distributedHits = -1;
    private long _distributedMisses = -1;

    /// <summary>Lookups in the memory of the process; null before the first counter came, which is never where there is no such cache.</summary>
    public CacheCounts? Local => Read(ref _localHits, ref _localMisses);

    /// <summary>Lookups in the distributed cache of what the memory did not have; null where nothing was ever looked up there.</summary>
    public CacheCounts? Distributed => Read(ref _distributedHits, ref _distributedMisses) is { Lookups: > 0 } counts ? counts : null;

    // Called for sources that exist already from within the constructor of the base: no field of ours may be used here.
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == SourceName)
        {
            // Counters are written at any level; the events of single lookups are verbose.
            EnableEvents(eventSource, EventLevel.Critical, EventKeywords.All, new Dictionary<string, string?> { [Interval] = "1" });
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName != Counters || eventData.Payload is not [IDictionary<string, object?> counter, ..])
        {
            return;
        }

        if (counter.TryGetValue("Name", out var name) && counter.TryGetValue("Mean", out var value) && value is double total)
        {
            switch (name)
            {
                case "total-local-cache-hits":
                    Volatile.Write(ref _localHits, (long)total);
                    break;
                case "total-local-cache-misses":
                    Volatile.Write(ref _localMisses, (long)total);
                    break;
                case "total-distributed-cache-hits":
                    Volatile.Write(ref _distributedHits, (long)total);
                    break;
                case "total-distributed-cache-misses":
                    Volatile.Write(ref _distributedMisses, (long)total);
                    break;
            }
        }
    }

    private static CacheCounts? Read(ref long hits, ref long misses)
    {
        var counts = new CacheCounts(Volatile.Read(ref hits), Volatile.Read(ref misses));
        return counts is { Hits: >= 0, Misses: >= 0 } ? counts : null;
    }
}
