using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// One server by its endpoint. Several connections may know it; one at a time asks it, so that nothing is counted twice.
/// Thread-safe.
/// </summary>
internal sealed class RedisServer(string endPoint, SliceClock clock)
{
    private object? _poller;
    private Published? _published;

    /// <summary>Server as <c>host:port</c>.</summary>
    public string EndPoint { get; } = endPoint;

    /// <summary>What it spent on commands.</summary>
    public RedisServerTime Time { get; } = new(clock);

    /// <summary>What it said when it was last asked; null before that, and once nobody asks any more.</summary>
    public RedisServerStatistics? Statistics => Volatile.Read(ref _published)?.Statistics;

    /// <summary>How long ago it said that, by the timestamps of the clock; null when it did not.</summary>
    public TimeSpan? Age => Volatile.Read(ref _published) is { } published ? clock.TimeProvider.GetElapsedTime(published.Timestamp) : null;

    /// <summary>Replaces what it said.</summary>
    public void Publish(RedisServerStatistics statistics) => Volatile.Write(ref _published, new Published(statistics, clock.TimeProvider.GetTimestamp()));

    /// <summary>Whether <paramref name="poller"/> is the one that asks it: who comes first stays it until the release.</summary>
    public bool TryClaim(object poller) => Interlocked.CompareExchange(ref _poller, poller, null) is not { } other || ReferenceEquals(other, poller);

    /// <summary>Lets somebody else ask. Of no effect for one who does not.</summary>
    public void Release(object poller)
    {
        if (ReferenceEquals(Volatile.Read(ref _poller), poller))
        {
            // Before the next one may publish.
            Volatile.Write(ref _published, null);
            Volatile.Write(ref _poller, null);
        }
    }

    private sealed record Published(RedisServerStatistics Statistics, long Timestamp);
}
