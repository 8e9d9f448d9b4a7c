using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>A subscriber whose commands go through the funnel; handlers and message queues are the client's own.</summary>
[RedisDecorator(typeof(ISubscriber))]
internal sealed partial class MonitoredSubscriber(ISubscriber inner, RedisFunnel funnel, IConnectionMultiplexer multiplexer, object? asyncState) : ISubscriber
{
    private readonly ISubscriber _inner = inner;
    private readonly RedisFunnel _funnel = funnel;
    private readonly object? _asyncState = asyncState;

    public IConnectionMultiplexer Multiplexer { get; } = multiplexer;

    public override string? ToString() => _inner.ToString();
}
