using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>A database whose commands go through the funnel. Its members are generated.</summary>
[RedisDecorator(typeof(IDatabase))]
internal sealed partial class MonitoredDatabase(IDatabase inner, RedisFunnel funnel, IConnectionMultiplexer multiplexer, object? asyncState) : IDatabase
{
    private readonly IDatabase _inner = inner;
    private readonly RedisFunnel _funnel = funnel;
    private readonly object? _asyncState = asyncState;

    public IConnectionMultiplexer Multiplexer { get; } = multiplexer;

    public IBatch CreateBatch(object? asyncState = null) =>
        new MonitoredBatch(_inner.CreateBatch(asyncState), _funnel, Multiplexer, asyncState ?? _asyncState);

    public ITransaction CreateTransaction(object? asyncState = null) =>
        new MonitoredTransaction(_inner.CreateTransaction(asyncState), _funnel, Multiplexer, asyncState ?? _asyncState);

    public long Publish(RedisChannel channel, RedisValue message, CommandFlags flags = CommandFlags.None) => _funnel.Call(
        RedisCommands.PUBLISH, flags, default, (_inner, channel, message, flags, _funnel.PubSub),
        static s => s.PubSub.Published(s.channel, s._inner.Publish(s.channel, s.message, s.flags)), static s => PayloadSize.Of(s.message));

    public Task<long> PublishAsync(RedisChannel channel, RedisValue message, CommandFlags flags = CommandFlags.None) => _funnel.CallAsync(
        RedisCommands.PUBLISH, flags, default, _asyncState, (_inner, channel, message, flags, _funnel.PubSub),
        static s => s.PubSub.Published(s.channel, s._inner.PublishAsync(s.channel, s.message, s.flags)), static s => PayloadSize.Of(s.message));

    public override string? ToString() => _inner.ToString();
}
