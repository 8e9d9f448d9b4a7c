using System.Net;
using Monitoring.CircuitBreakers;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// The targets of one multiplexer, and which of them a command goes to. Costs nothing where there is one server or one
/// circuit for all; never asks a server. Learns of changes from the client's events, in the background. Thread-safe.
/// </summary>
internal sealed class RedisRoutes : IDisposable
{
    private const int Limit = 256;
    private const long RefreshMilliseconds = 1000;

    private readonly IConnectionMultiplexer _inner;
    private readonly IPerformanceMonitor _monitor;
    private readonly string _name;
    private readonly bool _byEndPoint;
    private readonly RedisTarget _shared;
    private readonly Lock _lock = new();

    // Guarded by the lock.
    private readonly Dictionary<EndPoint, RedisTarget> _targets = [];
    private bool _disposed;

    // Whether there are several servers; with a circuit for each, if so asked.
    private bool _several;

    // Written by one refresh at a time, read by every command.
    private volatile RedisTarget? _only;
    private volatile ServerMap? _map;

    private long _refreshedAt;
    private int _refreshing;
    private int _stale;

    public RedisRoutes(IConnectionMultiplexer inner, IPerformanceMonitor monitor, string name, CircuitBreaker? circuit, RedisCircuitScope scope)
    {
        _inner = inner;
        _monitor = monitor;
        _name = name;
        _byEndPoint = scope == RedisCircuitScope.EndPoint && circuit is not null;
        _shared = new RedisTarget(monitor.Redis, null, circuit);
        _only = _shared;
        TryRefresh();
        inner.ConfigurationChanged += OnChange;
        inner.ConfigurationChangedBroadcast += OnChange;
        inner.ConnectionRestored += OnChange;
        inner.HashSlotMoved += OnChange;
    }

    /// <summary>Where every command goes; null where that depends on its key and flags: see <see cref="Find"/>.</summary>
    public RedisTarget? Only => _only;

    /// <summary>Where a command goes whose target is not the only one. Allocates nothing; never throws.</summary>
    public RedisTarget Find(RedisKey key, CommandFlags flags)
    {
        try
        {
            if (_map?.Find(key, flags) is { } target)
            {
                return target;
            }
        }
        catch (Exception own)
        {
            _monitor.Redis.Errors.Report("routing a Redis command", own);
        }

        // What is not known yet may be by now.
        if (_map is null && Environment.TickCount64 - Volatile.Read(ref _refreshedAt) >= RefreshMilliseconds)
        {
            RequestRefresh();
        }

        return _shared;
    }

    /// <summary>The target of one server.</summary>
    public RedisTarget TargetOf(EndPoint? endPoint)
    {
        if (endPoint is null)
        {
            return _shared;
        }

        lock (_lock)
        {
            if (!_targets.TryGetValue(endPoint, out var target))
            {
                if (_disposed || _targets.Count >= Limit)
                {
                    return _shared;
                }

                target = new RedisTarget(_monitor.Redis, endPoint, _byEndPoint && _several ? Circuit(endPoint) : _shared.Circuit);
                _targets.Add(endPoint, target);
            }

            return target;
        }
    }

    public void Dispose()
    {
        _inner.ConfigurationChanged -= OnChange;
        _inner.ConfigurationChangedBroadcast -= OnChange;
        _inner.ConnectionRestored -= OnChange;
        _inner.HashSlotMoved -= OnChange;
        lock (_lock)
        {
            _disposed = true;
            ForgetUnderLock([.. _targets.Keys]);
        }
    }

    private void OnChange(object? sender, EventArgs arguments) => RequestRefresh();

    // Off the thread of the caller and of the client: one at a time, and one more when something changed meanwhile.
    private void RequestRefresh()
    {
        Volatile.Write(ref _stale, 1);
        if (Interlocked.Exchange(ref _refreshing, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static routes => routes.RefreshWhileStale(), this, preferLocal: false);
        }
    }

    private void RefreshWhileStale()
    {
        do
        {
            while (Interlocked.Exchange(ref _stale, 0) == 1)
            {
                TryRefresh();
            }

            Interlocked.Exchange(ref _refreshing, 0);

            // Whoever noted a change just before found the refresh still running.
        }
        while (Volatile.Read(ref _stale) == 1 && Interlocked.Exchange(ref _refreshing, 1) == 0);
    }

    private void TryRefresh()
    {
        try
        {
            Refresh();
        }
        catch (Exception own)
        {
            _monitor.Redis.Errors.Report("learning the Redis servers of a connection", own);
        }

        Volatile.Write(ref _refreshedAt, Environment.TickCount64);
    }

    private void Refresh()
    {
        var endPoints = _inner.GetEndPoints() ?? [];
        lock (_lock)
        {
            // A target keeps its circuit; with another number of servers it needs another one.
            var several = endPoints.Length > 1;
            ForgetUnderLock(several == _several ? [.. _targets.Keys.Except(endPoints)] : [.. _targets.Keys]);
            _several = several;
        }

        if (endPoints.Length <= 1)
        {
            (_only, _map) = (TargetOf(endPoints.FirstOrDefault()), null);
        }
        else if (!_byEndPoint)
        {
            (_only, _map) = (_shared, null);
        }
        else
        {
            _map = ServerMap.Of(_inner.GetServers(), key => _inner.GetHashSlot(key), TargetOf);
            _only = null;
        }
    }

    private void ForgetUnderLock(List<EndPoint> endPoints)
    {
        foreach (var endPoint in endPoints)
        {
            if (_targets.Remove(endPoint, out var target) && target.Circuit is { } circuit && circuit != _shared.Circuit)
            {
                _monitor.CircuitBreakers.Release(circuit);
            }
        }
    }

    private CircuitBreaker Circuit(EndPoint endPoint) =>
        _monitor.CircuitBreakers.GetOrAdd($"{_name}/{EndPointName.Of(endPoint)}", RedisFailure.IsUnhealthy, token => ProbeAsync(endPoint, token), RedisFailure.Dependency);

    // Asked of the inner multiplexer: a probe is no operation of the application's.
    private async Task ProbeAsync(EndPoint endPoint, CancellationToken cancellationToken) =>
        await _inner.GetServer(endPoint).PingAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
}
