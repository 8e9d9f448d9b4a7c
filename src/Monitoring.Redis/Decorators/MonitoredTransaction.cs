using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>A transaction that is measured as one <c>MULTI</c>. Its members are generated.</summary>
[RedisDecorator(typeof(ITransaction), Queued = true)]
internal sealed partial class MonitoredTransaction(ITransaction inner, RedisFunnel funnel, IConnectionMultiplexer multiplexer, object? asyncState) : ITransaction
{
    private readonly ITransaction _inner = inner;
    private readonly RedisFunnel _funnel = funnel;
    private readonly Pipeline _pipeline = new(funnel, RedisCommands.MULTI, asyncState);

    public IConnectionMultiplexer Multiplexer { get; } = multiplexer;

    // Unlike a batch's, a transaction's waits.
    void IBatch.Execute() => _pipeline.Execute(() =>
    {
        ((IBatch)_inner).Execute();
        return true;
    });

    public bool Execute(CommandFlags flags) => _pipeline.Execute(() => _inner.Execute(flags));

    public Task<bool> ExecuteAsync(CommandFlags flags = CommandFlags.None) => _pipeline.ExecuteAsync(() => _inner.ExecuteAsync(flags));

    public Task<long> PublishAsync(RedisChannel channel, RedisValue message, CommandFlags flags = CommandFlags.None) =>
        _pipeline.Queue(_inner.PublishAsync(channel, message, flags), () => _funnel.PubSub.Published(channel));

    public override string? ToString() => _inner.ToString();

    private Task<T> Queue<T>(Task<T> queued) => _pipeline.Queue(queued);

    private Task Queue(Task queued) => _pipeline.Queue(queued);
}
