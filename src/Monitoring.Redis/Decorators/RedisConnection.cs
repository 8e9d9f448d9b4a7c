using Microsoft.Extensions.Logging;
using Monitoring.CircuitBreakers;
using Monitoring.Redis.Diagnostics;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// What the monitor knows of one multiplexer: its name, its circuit, its funnel, and what happens to its connections.
/// Dispose ends its place in the summary; the multiplexer itself is not touched.
/// </summary>
internal sealed class RedisConnection : IDisposable
{
    private readonly ConnectionWatch _watch;
    private readonly IDisposable _registration;
    private readonly IDisposable? _queueProbe;
    private readonly PubSub _pubSub;
    private int _disposed;

    public RedisConnection(IConnectionMultiplexer inner, IPerformanceMonitor monitor, RedisConnectionOptions options, bool ownsInner, ILogger? logger = null)
    {
        Inner = inner;
        Monitor = monitor;
        OwnsInner = ownsInner;
        Name = string.IsNullOrWhiteSpace(options.Name) ? NameOf(inner) : options.Name;
        Circuit = options.UseCircuitBreaker ? monitor.CircuitBreakers.GetOrAdd(Name, RedisFailure.IsUnhealthy, ProbeAsync, RedisFailure.Dependency) : null;
        Routes = new RedisRoutes(inner, monitor, Name, Circuit, options.CircuitScope);
        _pubSub = new PubSub(monitor.Redis);
        Funnel = new RedisFunnel(monitor.Redis, Routes, _pubSub);
        _watch = new ConnectionWatch(inner, monitor.Redis);
        Diagnostics = RedisDiagnostics.Attach(inner, monitor.Redis, options, Name, logger);
        _queueProbe = Diagnostics is null ? null : monitor.Redis.Probes.Add(new RedisQueueProbe(monitor.Redis, inner).Read);
        _registration = monitor.Redis.AddConnection(ReadStatus);
    }

    public IConnectionMultiplexer Inner { get; }

    public IPerformanceMonitor Monitor { get; }

    /// <summary>Whether disposing the monitored multiplexer disposes the inner one. Not for an instance that the application handed to a container.</summary>
    public bool OwnsInner { get; }

    public string Name { get; }

    public CircuitBreaker? Circuit { get; }

    /// <summary>Its servers.</summary>
    public RedisRoutes Routes { get; }

    /// <summary>The funnel of commands that belong to no database and no server.</summary>
    public RedisFunnel Funnel { get; }

    /// <summary>What its servers are asked on a connection of the monitor's own; null where they are not.</summary>
    public RedisDiagnostics? Diagnostics { get; }

    /// <summary>A funnel for the commands of one database.</summary>
    public RedisFunnel FunnelOf(IDatabase database) => new(Monitor.Redis, Routes, _pubSub, database: database);

    /// <summary>A funnel for the commands of one server.</summary>
    public RedisFunnel FunnelOf(IServer server) => new(Monitor.Redis, Routes, _pubSub, Routes.TargetOf(server.EndPoint));

    public void Dispose()
    {
        // A multiplexer may be closed and disposed; the circuit is released once.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        if (Circuit is not null)
        {
            Monitor.CircuitBreakers.Release(Circuit);
        }

        _queueProbe?.Dispose();
        Routes.Dispose();
        Diagnostics?.Dispose();
        _watch.Dispose();
        _registration.Dispose();
    }

    // Asked of the inner multiplexer: a probe is no operation of the application's.
    private async Task ProbeAsync(CancellationToken cancellationToken) =>
        await Inner.GetDatabase().PingAsync().WaitAsync(cancellationToken).ConfigureAwait(false);

    private RedisConnectionStatus ReadStatus() => new()
    {
        Name = Name,
        IsConnected = Inner.IsConnected,
        EndPoints = Array.ConvertAll(Inner.GetEndPoints(), EndPointName.Of),
        Sockets = _watch.ReadSockets(),
        Failures = _watch.Log.Failures,
        Restores = _watch.Log.Restores,
        MovedHashSlots = _watch.MovedHashSlots,
        IsReconnectStorm = _watch.Log.IsReconnectStorm,
        Events = _watch.Log.Events,
        Servers = Diagnostics?.Poller.Servers ?? [],
        StreamGroups = Diagnostics?.Poller.StreamGroups ?? [],
    };

    // The endpoints it was configured with: they do not change when a cluster is discovered, and two services of one
    // name on one machine still differ.
    private static string NameOf(IConnectionMultiplexer inner)
    {
        var endPoints = inner.GetEndPoints(configuredOnly: true);
        return endPoints is { Length: > 0 } ? string.Join(',', endPoints.Select(EndPointName.Of)) : "redis";
    }
}
