using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// When large replies arrived from one server, and how long other operations waited meanwhile, from the operations that
/// are looked at closely. Thread-safe; the lock is held for a few additions.
/// </summary>
/// <remarks>
/// A client reads the replies of one connection in order, so what is asked while a large reply arrives waits for its end.
/// Large replies that overlap are taken as one arrival, from the first call to the last reply. An operation is counted
/// against the latest arrival before it, and against one that is known only after it as long as it is among the last 256.
/// </remarks>
internal sealed class RedisLargeReplies(SliceClock clock)
{
    /// <summary>Bytes from which on a reply is large: at 1 Gbit/s it takes two milliseconds to arrive.</summary>
    public const long Large = 256 * 1024;

    private const int Remembered = 256;

    private readonly Lock _lock = new();
    private readonly WindowedCounter _sizes = new(clock);
    private readonly WindowedCounter _transfer = new(clock);
    private readonly WindowedCounter _behind = new(clock);

    // By the clock's timestamps, guarded by the lock: the latest arrival, and the other operations seen last.
    private readonly (long Start, long End, long Weight)[] _latest = new (long, long, long)[Remembered];
    private uint _next;
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

        lock (_lock)
        {
            if (observation.ReplyBytes >= Large)
            {
                ArrivedUnderLock(start, end, weight);
            }
            else
            {
                _behind.Add(weight * Microseconds(Overlap(start, end, _start, _end)));
                _latest[_next++ % Remembered] = (start, end, weight);
            }
        }
    }

    /// <summary>
    /// Time in which large replies arrived, and time that operations spent waiting meanwhile, added up over the window;
    /// null when no size of a reply is known.
    /// </summary>
    public (TimeSpan Transfer, TimeSpan Behind)? GetTimes(TimeSpan window) => _sizes.GetCount(window) == 0
        ? null
        : (TimeSpan.FromMicroseconds(_transfer.GetCount(window)), TimeSpan.FromMicroseconds(_behind.GetCount(window)));

    // What an earlier arrival covers is waiting behind it; the rest is this reply's own. Operations that were seen before
    // this reply waited for it too: threads complete them in no certain order, and some gave up.
    private void ArrivedUnderLock(long start, long end, long weight)
    {
        var (earlierStart, earlierEnd) = (_start, _end);
        var waited = Overlap(start, end, earlierStart, earlierEnd);
        _behind.Add(weight * Microseconds(waited));
        _transfer.Add(weight * Microseconds(end - start - waited));

        var extends = waited > 0;
        (_start, _end) = extends ? (Math.Min(earlierStart, start), Math.Max(earlierEnd, end)) : (start, end);
        foreach (var seen in _latest)
        {
            var counted = extends ? Overlap(seen.Start, seen.End, earlierStart, earlierEnd) : 0;
            _behind.Add(seen.Weight * Microseconds(Overlap(seen.Start, seen.End, _start, _end) - counted));
        }
    }

    private static long Overlap(long start, long end, long otherStart, long otherEnd) =>
        Math.Max(Math.Min(end, otherEnd) - Math.Max(start, otherStart), 0);

    private long Microseconds(long ticks) => (long)(ticks * 1e6 / clock.TimeProvider.TimestampFrequency);
}
