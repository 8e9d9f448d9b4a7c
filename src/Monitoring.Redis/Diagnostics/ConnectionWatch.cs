using Monitoring.Redis.Decorators;
using StackExchange.Redis;
using StackExchange.Redis.Maintenance;

namespace Monitoring.Redis.Diagnostics;

/// <summary>
/// Listens to one multiplexer and keeps what its events tell, until it is disposed. Thread-safe; no handler throws into the
/// client. Of errors only the server's prefix and the exception's type are kept: their texts may hold keys and values.
/// </summary>
internal sealed class ConnectionWatch : IDisposable
{
    private readonly IConnectionMultiplexer _inner;
    private readonly RedisMonitor _monitor;
    private readonly KnownEndPoints _endPoints;
    private long _movedHashSlots;

    public ConnectionWatch(IConnectionMultiplexer inner, RedisMonitor monitor)
    {
        _inner = inner;
        _monitor = monitor;
        _endPoints = new KnownEndPoints(inner);
        Log = new ConnectionLog(monitor.TimeProvider);
        Guarded(() => _endPoints.FindChanges());
        inner.ConnectionFailed += OnFailed;
        inner.ConnectionRestored += OnRestored;
        inner.ConfigurationChanged += OnConfigurationChanged;
        inner.ConfigurationChangedBroadcast += OnBroadcast;
        inner.HashSlotMoved += OnHashSlotMoved;
        inner.ServerMaintenanceEvent += OnMaintenance;
        inner.ErrorMessage += OnErrorMessage;
        inner.InternalError += OnInternalError;
    }

    public ConnectionLog Log { get; }

    public long MovedHashSlots => Volatile.Read(ref _movedHashSlots);

    /// <summary>The sockets as they are now; none while the client cannot say.</summary>
    public IReadOnlyList<RedisSocketStatus> ReadSockets()
    {
        try
        {
            return ConnectionSockets.Read(_inner, Log);
        }
        catch (Exception own)
        {
            _monitor.Errors.Report("redis-sockets", own);
            return [];
        }
    }

    public void Dispose()
    {
        _inner.ConnectionFailed -= OnFailed;
        _inner.ConnectionRestored -= OnRestored;
        _inner.ConfigurationChanged -= OnConfigurationChanged;
        _inner.ConfigurationChangedBroadcast -= OnBroadcast;
        _inner.HashSlotMoved -= OnHashSlotMoved;
        _inner.ServerMaintenanceEvent -= OnMaintenance;
        _inner.ErrorMessage -= OnErrorMessage;
        _inner.InternalError -= OnInternalError;
    }

    // By the name that the loaded client gives it: a newer one has types that this was not compiled against (CircuitBreaker).
    private void OnFailed(object? sender, ConnectionFailedEventArgs e) =>
        Guarded(() => Log.Failed(EndPointName.OfNullable(e.EndPoint), e.ConnectionType.ToString(), e.FailureType.ToString()));

    private void OnRestored(object? sender, ConnectionFailedEventArgs e) =>
        Guarded(() => Log.Restored(EndPointName.OfNullable(e.EndPoint), e.ConnectionType.ToString()));

    private void OnConfigurationChanged(object? sender, EndPointEventArgs e) => Guarded(() =>
    {
        if (_endPoints.FindChanges() is { } changes)
        {
            Log.Add(RedisConnectionEventKind.EndPointsChanged, EndPointName.OfNullable(e.EndPoint), null, changes);
        }
    });

    private void OnBroadcast(object? sender, EndPointEventArgs e) =>
        Guarded(() => Log.Add(RedisConnectionEventKind.EndPointsChanged, EndPointName.OfNullable(e.EndPoint), null, "another client announced a change"));

    // A cluster moves thousands of them when it grows: the first of each thousand is an event, all are counted.
    private void OnHashSlotMoved(object? sender, HashSlotMovedEventArgs e) => Guarded(() =>
    {
        const int Stride = 1000;
        if (Interlocked.Increment(ref _movedHashSlots) % Stride == 1)
        {
            Log.Add(RedisConnectionEventKind.EndPointsChanged, EndPointName.OfNullable(e.NewEndPoint), null, $"hash slot {e.HashSlot} came from {EndPointName.OfNullable(e.OldEndPoint) ?? "nowhere"}");
        }
    });

    private void OnMaintenance(object? sender, ServerMaintenanceEvent e) =>
        Guarded(() => Log.Add(RedisConnectionEventKind.Maintenance, null, null, e.RawMessage ?? e.GetType().Name));

    private void OnErrorMessage(object? sender, RedisErrorEventArgs e) =>
        Guarded(() => Log.Add(RedisConnectionEventKind.Error, EndPointName.OfNullable(e.EndPoint), null, RedisFailure.PrefixOf(e.Message ?? "")));

    private void OnInternalError(object? sender, InternalErrorEventArgs e) =>
        Guarded(() => Log.Add(RedisConnectionEventKind.Error, EndPointName.OfNullable(e.EndPoint), e.ConnectionType.ToString(), $"{e.Origin}: {e.Exception?.GetType().Name}"));

    private void Guarded(Action handle)
    {
        try
        {
            handle();
        }
        catch (Exception own)
        {
            _monitor.Errors.Report("redis-connection-event", own);
        }
    }
}
