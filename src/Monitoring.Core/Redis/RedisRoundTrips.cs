using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>PINGs to one server, on a connection that nothing else uses. Thread-safe.</summary>
internal sealed class RedisRoundTrips(SliceClock clock)
{
    // Longer than most windows: when everything in a short window was slow, the quickest of it is no floor.
    private static readonly TimeSpan FloorWindow = TimeSpan.FromMinutes(10);

    private readonly LatencyRecorder _pings = new(clock);

    /// <summary>
    /// Records a PING. One that took longer than the interval stands for those that could not be sent meanwhile: they
    /// would have waited one interval less each (HdrHistogram's recordValueWithExpectedInterval).
    /// </summary>
    /// <param name="elapsed">How long it took; its timeout when no answer came.</param>
    /// <param name="interval">How long after one PING the next is sent, more than zero.</param>
    public void Record(TimeSpan elapsed, TimeSpan interval)
    {
        _pings.Record(elapsed);
        for (var missed = elapsed - interval; missed >= interval; missed -= interval)
        {
            _pings.Record(missed);
        }
    }

    /// <summary>The PINGs of the window and the quickest of the last ten minutes; null when there was none.</summary>
    public (LatencySnapshot Pings, TimeSpan Floor)? Read(TimeSpan window)
    {
        var pings = _pings.GetSnapshot(window);
        return pings.Count == 0
            ? null
            : (pings, window >= FloorWindow ? pings.Minimum : _pings.GetSnapshot(FloorWindow).Minimum);
    }
}
