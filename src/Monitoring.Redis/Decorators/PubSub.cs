using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>Publish and subscribe of one multiplexer: counts messages by channel and measures their handlers. Thread-safe.</summary>
internal sealed class PubSub
{
    private readonly ChannelRecorders _recorders;

    public PubSub(RedisMonitor monitor)
    {
        _recorders = new ChannelRecorders(monitor);
        Handlers = new MonitoredHandlers(_recorders);
    }

    /// <summary>The handlers of all its subscribers.</summary>
    public MonitoredHandlers Handlers { get; }

    /// <summary>The client took a message to publish.</summary>
    public void Published(RedisChannel channel) => _recorders.Published(channel);

    /// <summary>The client took a message to publish; returns what it returned.</summary>
    public T Published<T>(RedisChannel channel, T result)
    {
        _recorders.Published(channel);
        return result;
    }
}
