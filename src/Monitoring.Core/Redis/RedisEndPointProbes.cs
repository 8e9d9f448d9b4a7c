using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>What is measured of one server from this process, beside the operations themselves.</summary>
internal sealed class RedisEndPointProbes(string endPoint, SliceClock clock)
{
    /// <summary>Server as <c>host:port</c>.</summary>
    public string EndPoint { get; } = endPoint;

    public RedisRoundTrips RoundTrips { get; } = new(clock);

    public RedisClientQueues Queues { get; } = new(clock);

    public RedisLargeReplies LargeReplies { get; } = new(clock);
}
