using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// One server by its endpoint. Several connections may know it; one at a time asks it, so that nothing is counted twice.
/// Thread-safe.
/// </summary>
internal sealed class RedisServer(string endPoint, SliceClock clock)
{
    private object? _poller;
    private RedisServerStatistics? _statistics;

    /// <summary>Server as <c>host:port</c>.</summary>
    public string EndPoint { get; } = endPoint;

    /// <summary>What it spent on commands.</summary>
    public RedisServerTime Time { get; } = new(clock);

    /// <summary>What it said when it was last asked; null before that, and once nobody asks any more.</summary>
    public RedisServerStatistics? Statistics
    {
        get => Volatile.Read(ref _statistics);
        set => Volatile.Write(ref _statistics, value);
    }

    /// <summary>Whether <paramref name="poller"/> is the one that asks it: who comes first stays it until the release.</summary>
    public bool TryClaim(object poller) => Interlocked.CompareExchange(ref _poller, poller, null) is not { } other || ReferenceEquals(other, poller);

    /// <summary>Lets somebody else ask. Of no effect for one who does not.</summary>
    public void Release(object poller)
    {
        if (ReferenceEquals(Volatile.Read(ref _poller), poller))
        {
            // Before the next one may publish.
            Statistics = null;
            Volatile.Write(ref _poller, null);
        }
    }
}
