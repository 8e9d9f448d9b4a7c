using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>A server whose commands go through the funnel. Its members are generated.</summary>
[RedisDecorator(typeof(IServer))]
internal sealed partial class MonitoredServer(IServer inner, RedisFunnel funnel, IConnectionMultiplexer multiplexer, object? asyncState) : IServer
{
    private readonly IServer _inner = inner;
    private readonly RedisFunnel _funnel = funnel;
    private readonly object? _asyncState = asyncState;

    public IConnectionMultiplexer Multiplexer { get; } = multiplexer;

    public override string? ToString() => _inner.ToString();
}
