using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// A subscriber whose commands go through the funnel and whose handlers are measured; message queues are the client's own.
/// The members without a handler are generated.
/// </summary>
[RedisDecorator(typeof(ISubscriber))]
internal sealed partial class MonitoredSubscriber(ISubscriber inner, RedisFunnel funnel, IConnectionMultiplexer multiplexer, object? asyncState) : ISubscriber
{
    private readonly ISubscriber _inner = inner;
    private readonly RedisFunnel _funnel = funnel;
    private readonly object? _asyncState = asyncState;

    public IConnectionMultiplexer Multiplexer { get; } = multiplexer;

    private PubSub PubSub => _funnel.PubSub;

    public void Subscribe(RedisChannel channel, Action<RedisChannel, RedisValue> handler, CommandFlags flags = CommandFlags.None) => _funnel.Send(
        RedisCommands.SUBSCRIBE, flags, default, (_inner, channel, handler: PubSub.Handlers.Wrap(channel, handler)!, flags),
        static s => s._inner.Subscribe(s.channel, s.handler, s.flags));

    public Task SubscribeAsync(RedisChannel channel, Action<RedisChannel, RedisValue> handler, CommandFlags flags = CommandFlags.None) => _funnel.SendAsync(
        RedisCommands.SUBSCRIBE, flags, default, _asyncState, (_inner, channel, handler: PubSub.Handlers.Wrap(channel, handler)!, flags),
        static s => s._inner.SubscribeAsync(s.channel, s.handler, s.flags));

    public void Unsubscribe(RedisChannel channel, Action<RedisChannel, RedisValue>? handler = null, CommandFlags flags = CommandFlags.None) => _funnel.Send(
        RedisCommands.UNSUBSCRIBE, flags, default, (_inner, channel, handler: PubSub.Handlers.Find(channel, handler), flags),
        static s => s._inner.Unsubscribe(s.channel, s.handler, s.flags));

    public Task UnsubscribeAsync(RedisChannel channel, Action<RedisChannel, RedisValue>? handler = null, CommandFlags flags = CommandFlags.None) => _funnel.SendAsync(
        RedisCommands.UNSUBSCRIBE, flags, default, _asyncState, (_inner, channel, handler: PubSub.Handlers.Find(channel, handler), flags),
        static s => s._inner.UnsubscribeAsync(s.channel, s.handler, s.flags));

    public long Publish(RedisChannel channel, RedisValue message, CommandFlags flags = CommandFlags.None) => _funnel.Call(
        RedisCommands.PUBLISH, flags, default, (_inner, channel, message, flags, PubSub),
        static s => s.PubSub.Published(s.channel, s._inner.Publish(s.channel, s.message, s.flags)), static s => PayloadSize.Of(s.message));

    public Task<long> PublishAsync(RedisChannel channel, RedisValue message, CommandFlags flags = CommandFlags.None) => _funnel.CallAsync(
        RedisCommands.PUBLISH, flags, default, _asyncState, (_inner, channel, message, flags, PubSub),
        static s => s.PubSub.Published(s.channel, s._inner.PublishAsync(s.channel, s.message, s.flags)), static s => PayloadSize.Of(s.message));

    public override string? ToString() => _inner.ToString();
}
