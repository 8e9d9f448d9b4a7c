using System.Net;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// A multiplexer that hands out monitored databases, servers and subscribers, and raises its events as its own. Whatever
/// has no command behind it is generated as a plain call to the inner one.
/// </summary>
[RedisDecorator(typeof(IConnectionMultiplexer))]
internal sealed partial class MonitoredMultiplexer : IConnectionMultiplexer, IMonitoredMultiplexer
{
    private readonly IConnectionMultiplexer _inner;
    private readonly RedisConnection _connection;
    private readonly RedisFunnel _funnel;
    private readonly DatabaseCache _databases;

    // The multiplexer's own commands belong to no asyncState.
    private readonly object? _asyncState;

    public MonitoredMultiplexer(RedisConnection connection)
    {
        _connection = connection;
        _inner = connection.Inner;
        _funnel = connection.Funnel;
        _asyncState = null;
        _databases = new DatabaseCache((inner, asyncState) => new MonitoredDatabase(inner, _connection.FunnelOf(inner), this, asyncState));
        RelayEvents();
    }

    public IPerformanceMonitor Monitor => _connection.Monitor;

    public IConnectionMultiplexer Inner => _inner;

    public IDatabase GetDatabase(int db = -1, object? asyncState = null) => _databases.Get(_inner.GetDatabase(db, asyncState), db, asyncState);

    public ISubscriber GetSubscriber(object? asyncState = null) => new MonitoredSubscriber(_inner.GetSubscriber(asyncState), _funnel, this, asyncState);

    public IServer GetServer(string host, int port, object? asyncState = null) => Server(_inner.GetServer(host, port, asyncState), asyncState);

    public IServer GetServer(string hostAndPort, object? asyncState = null) => Server(_inner.GetServer(hostAndPort, asyncState), asyncState);

    public IServer GetServer(IPAddress host, int port) => Server(_inner.GetServer(host, port), null);

    public IServer GetServer(EndPoint endpoint, object? asyncState = null) => Server(_inner.GetServer(endpoint, asyncState), asyncState);

    public IServer GetServer(RedisKey key, object? asyncState = null, CommandFlags flags = CommandFlags.None) =>
        Server(_inner.GetServer(key, asyncState, flags), asyncState);

    public IServer[] GetServers() => Array.ConvertAll(_inner.GetServers(), server => Server(server, null));

    public override string ToString() => _inner.ToString();

    public void Dispose()
    {
        _connection.Dispose();
        if (_connection.OwnsInner)
        {
            _inner.Dispose();
        }
    }

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return _connection.OwnsInner ? _inner.DisposeAsync() : ValueTask.CompletedTask;
    }

    private MonitoredServer Server(IServer inner, object? asyncState) => new(inner, _connection.FunnelOf(inner), this, asyncState);
}
