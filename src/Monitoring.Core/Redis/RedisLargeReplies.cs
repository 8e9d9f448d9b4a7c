using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// When large replies arrived from one server, and how long other operations waited meanwhile, from the operations that
/// are looked at closely. Thread-safe; the lock is held for a few additions.
/// </summary>
/// <remarks>
/// A client reads the replies of one connection in order, so what is asked while a large reply arrives waits for its end.
/// Large replies that overlap are taken as one arrival, from the first call to the last reply. An operation is counted
/// against the latest arrival only, and only once the large reply has been read whole.
/// </remarks>
internal sealed class RedisLargeReplies(SliceClock clock)
{
    /// <summary>Bytes from which on a reply is large: at 1 Gbit/s it takes two milliseconds to arrive.</summary>
    public const long Large = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly WindowedCounter _sizes = new(clock);
    private readonly WindowedCounter _transfer = new(clock);
    private readonly WindowedCounter _behind = new(clock);

    // The latest arrival, by the clock's timestamps. Written under the lock.
    private long _start;
    private long _end;

    /// <summary>Takes an operation into account that ended now.</summary>
    public void Observe(in RedisObservation observation)
    {
        if (observation.ReplyBytes is not null)
        {
            _sizes.Add();
        }

        var end = clock.TimeProvider.GetTimestamp();
        var start = end - (long)(observation.Duration.TotalSeconds * clock.TimeProvider.TimestampFrequency);

        // Every slow operation is looked at and counts for itself; of the others there is a sample.
        var weight = observation.IsSlow ? 1 : observation.Weight;
        if (weight <= 0)
        {
            return;
        }

        if (observation.ReplyBytes >= Large)
        {
            Arrived(start, end, weight);
        }
        else if (start < Volatile.Read(ref _end))
        {
            _behind.Add(weight * Microseconds(Overlap(start, end)));
        }
    }

    /// <summary>
    /// Time in which large replies arrived, and time that operations spent waiting meanwhile, added up over the window;
    /// null when no size of a reply is known.
    /// </summary>
    public (TimeSpan Transfer, TimeSpan Behind)? GetTimes(TimeSpan window) => _sizes.GetCount(window) == 0
        ? null
        : (TimeSpan.FromMicroseconds(_transfer.GetCount(window)), TimeSpan.FromMicroseconds(_behind.GetCount(window)));

    // What an earlier arrival covers is waiting behind it; the rest is this reply's own.
    private void Arrived(long start, long end, long weight)
    {
        lock (_lock)
        {
            var waited = Math.Max(Math.Min(end, _end) - Math.Max(start, _start), 0);
            _behind.Add(weight * Microseconds(waited));
            _transfer.Add(weight * Microseconds(end - start - waited));
            (_start, _end) = start < _end ? (Math.Min(_start, start), Math.Max(_end, end)) : (start, end);
        }
    }

    private long Overlap(long start, long end)
    {
        lock (_lock)
        {
            return Math.Max(Math.Min(end, _end) - Math.Max(start, _start), 0);
        }
    }

    private long Microseconds(long ticks) => (long)(ticks * 1e6 / clock.TimeProvider.TimestampFrequency);
}
