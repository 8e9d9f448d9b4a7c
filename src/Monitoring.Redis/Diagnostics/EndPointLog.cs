namespace Monitoring.Redis.Diagnostics;

/// <summary>What its events tell of the connections to one server. Thread-safe.</summary>
internal sealed class EndPointLog(TimeProvider timeProvider)
{
    /// <summary>How many failures within <see cref="StormWindow"/> are a storm: two sockets that are lost twice are none.</summary>
    public const int StormFailures = 5;

    /// <summary>How close together the failures of a storm are; it is over when they no longer are.</summary>
    public static readonly TimeSpan StormWindow = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();

    // The last failures' timestamps, a ring.
    private readonly long[] _failures = new long[StormFailures];
    private readonly Dictionary<string, bool> _connected = [];
    private long _count;
    private bool _stormReported;

    /// <summary>Whether the connections are lost again and again, now.</summary>
    public bool IsStorm
    {
        get
        {
            lock (_lock)
            {
                return IsStormUnderLock();
            }
        }
    }

    /// <summary>Notes a failure; true when a storm begins with it.</summary>
    public bool Failed(string kind)
    {
        lock (_lock)
        {
            _connected[kind] = false;
            _failures[_count++ % StormFailures] = timeProvider.GetTimestamp();
            var wasReported = _stormReported;
            _stormReported = IsStormUnderLock();
            return _stormReported && !wasReported;
        }
    }

    public void Restored(string kind)
    {
        lock (_lock)
        {
            _connected[kind] = true;
        }
    }

    /// <summary>Whether it is connected; null before the first event.</summary>
    public bool? IsConnected(string kind)
    {
        lock (_lock)
        {
            return _connected.TryGetValue(kind, out var connected) ? connected : null;
        }
    }

    // What would be overwritten next is the oldest.
    private bool IsStormUnderLock() =>
        _count >= StormFailures && timeProvider.GetElapsedTime(_failures[_count % StormFailures]) <= StormWindow;
}
