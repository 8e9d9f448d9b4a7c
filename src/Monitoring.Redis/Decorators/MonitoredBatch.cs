using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>A batch that is measured as one <c>PIPELINE</c>. Its members are generated.</summary>
[RedisDecorator(typeof(IBatch), Queued = true)]
internal sealed partial class MonitoredBatch(IBatch inner, RedisFunnel funnel, IConnectionMultiplexer multiplexer, object? asyncState) : IBatch
{
    private readonly IBatch _inner = inner;
    private readonly RedisFunnel _funnel = funnel;
    private readonly Pipeline _pipeline = new(funnel, RedisCommands.PIPELINE, asyncState);

    public IConnectionMultiplexer Multiplexer { get; } = multiplexer;

    public void Execute() => _pipeline.Execute(_inner.Execute);

    public Task<long> PublishAsync(RedisChannel channel, RedisValue message, CommandFlags flags = CommandFlags.None) =>
        _pipeline.Queue(_inner.PublishAsync(channel, message, flags), () => _funnel.PubSub.Published(channel));

    public override string? ToString() => _inner.ToString();

    private Task<T> Queue<T>(Task<T> queued) => _pipeline.Queue(queued);

    private Task Queue(Task queued) => _pipeline.Queue(queued);
}
