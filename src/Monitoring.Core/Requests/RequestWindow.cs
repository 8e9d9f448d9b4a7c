using Monitoring.Latency;

namespace Monitoring.Requests;

/// <summary>What was counted of one endpoint, or of all, within one window.</summary>
/// <param name="Failures">Requests that failed.</param>
/// <param name="Statuses">Responses by class.</param>
/// <param name="ClientAborts">Clients that went away.</param>
/// <param name="CacheHits">Requests that a cache answered.</param>
/// <param name="CacheMisses">Requests that asked a cache in vain.</param>
/// <param name="InFlight">Requests that are going on now.</param>
/// <param name="LastMinuteFailures">Requests of the last minute that failed.</param>
/// <param name="LastMinuteCount">Requests of the last minute; null when that is the window.</param>
/// <param name="Latency">Their time, and how many there were.</param>
internal readonly record struct RequestWindow(
    long Failures, StatusClassCounts Statuses, long ClientAborts, long CacheHits, long CacheMisses, long InFlight, long LastMinuteFailures, long? LastMinuteCount, LatencySnapshot Latency)
{
    public long Count => Latency.Count;

    // A slice may be closed between the readings of a part and the whole.
    public long Failed => Math.Min(Failures, Count);

    public long Minute => LastMinuteCount ?? Count;

    public double SuccessRatePercent => Percent(Count - Failed, Count);

    public double ErrorRateLastMinutePercent => Percent(LastMinuteFailures, Minute);

    public double CacheHitRatePercent => Percent(CacheHits, CacheHits + CacheMisses);

    /// <summary>All endpoints as one.</summary>
    public static RequestWindow Merge(IReadOnlyCollection<RequestWindow> windows)
    {
        var statuses = default(StatusClassCounts);
        foreach (var window in windows)
        {
            statuses = statuses.Plus(window.Statuses);
        }

        return new RequestWindow(
            windows.Sum(static window => window.Failures),
            statuses,
            windows.Sum(static window => window.ClientAborts),
            windows.Sum(static window => window.CacheHits),
            windows.Sum(static window => window.CacheMisses),
            windows.Sum(static window => window.InFlight),
            windows.Sum(static window => window.LastMinuteFailures),
            windows.Sum(static window => window.Minute),
            LatencySnapshot.Merge(windows.Select(static window => window.Latency)));
    }

    public static double Percent(long part, long whole) => whole > 0 ? Math.Min(100.0 * part / whole, 100) : 0;

    /// <summary>The failed share of the last requests, 0–100.</summary>
    public static double FailedPercent(IReadOnlyList<bool> last) => Percent(last.Count(static failed => failed), last.Count);
}

/// <summary>What was counted of one endpoint and method since the start.</summary>
internal readonly record struct RequestSeriesTotals(
    string Name, long Failures, StatusClassCounts Statuses, long CacheHits, long CacheMisses, long InFlight, LatencyTotals Latency);
