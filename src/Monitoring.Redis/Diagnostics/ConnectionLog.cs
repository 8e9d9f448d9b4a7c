using Monitoring.Latency;

namespace Monitoring.Redis.Diagnostics;

/// <summary>What happened to the connections of one multiplexer. Thread-safe.</summary>
internal sealed class ConnectionLog(TimeProvider timeProvider)
{
    private const int EventCapacity = 80;
    private const int RemarkCapacity = 20;
    private const int EndPointLimit = 256;
    private const int LongestReason = 256;

    private readonly SeriesTable<EndPointLog> _endPoints = new(EndPointLimit, _ => new EndPointLog(timeProvider));
    private readonly RecentList<RedisConnectionEvent> _events = new(EventCapacity);

    // Apart, because errors may come by the thousand and must not push out what happened to the connections.
    private readonly RecentList<RedisConnectionEvent> _remarks = new(RemarkCapacity);
    private long _failures;
    private long _restores;

    public long Failures => Volatile.Read(ref _failures);

    public long Restores => Volatile.Read(ref _restores);

    public bool IsReconnectStorm => _endPoints.All.Any(static endPoint => endPoint.IsStorm);

    /// <summary>The last events, newest first.</summary>
    public IReadOnlyList<RedisConnectionEvent> Events =>
        [.. _events.ToList().Concat(_remarks.ToList()).OrderByDescending(static e => e.At)];

    public void Failed(string? endPoint, string kind, string reason)
    {
        Interlocked.Increment(ref _failures);
        Add(RedisConnectionEventKind.Failed, endPoint, kind, reason);
        if (_endPoints.Get(endPoint).Failed(kind))
        {
            Add(RedisConnectionEventKind.ReconnectStorm, endPoint, null, $"{EndPointLog.StormFailures} failures within {EndPointLog.StormWindow.TotalSeconds} s");
        }
    }

    public void Restored(string? endPoint, string kind)
    {
        Interlocked.Increment(ref _restores);
        _endPoints.Get(endPoint).Restored(kind);
        Add(RedisConnectionEventKind.Restored, endPoint, kind, null);
    }

    /// <summary>Notes what is no change of state.</summary>
    public void Add(RedisConnectionEventKind kind, string? endPoint, string? connectionKind, string? reason)
    {
        var list = kind == RedisConnectionEventKind.Error ? _remarks : _events;
        list.Add(new RedisConnectionEvent(timeProvider.GetUtcNow(), kind, endPoint, connectionKind, reason?.Length > LongestReason ? reason[..LongestReason] : reason));
    }

    /// <summary>Whether the connection of that kind stands; null when no event told yet.</summary>
    public bool? IsConnected(string endPoint, string kind) => _endPoints.Get(endPoint).IsConnected(kind);
}
