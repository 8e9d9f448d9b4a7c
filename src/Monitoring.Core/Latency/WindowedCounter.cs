using System.Runtime.CompilerServices;

namespace Monitoring.Latency;

/// <summary>
/// Counts events in a sliding window of an hour and since the start. Thread-safe. Adding is wait-free, allocates nothing
/// and costs one atomic addition; reading takes a lock that adding never takes. Memory: 1 KB on eight processors or more,
/// and up to 4 KB for an hour in which every second had an event.
/// </summary>
public sealed class WindowedCounter : ISliced
{
    // A count every 128 bytes: a processor fetches lines of 64 in pairs.
    private const int Stride = 16;

    private readonly SliceClock _clock;
    private readonly long[] _counts = new long[(Stripes.Count + 1) * Stride];

    // All below are guarded by the lock. A slice holds the total at its end: a window is a difference of totals.
    private readonly Lock _lock = new();
    private readonly SliceRing<CountSlice> _slices = new();
    private long _closedAt;
    private long _closedTotal;
    private long _expiredTotal;

    /// <summary>Creates a counter and registers it with the clock, for the clock's lifetime.</summary>
    /// <param name="clock">The clock that closes its slices.</param>
    public WindowedCounter(SliceClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _closedAt = clock.Second;
        clock.Register(this);
    }

    /// <summary>Events since the start.</summary>
    public long TotalCount
    {
        get
        {
            var total = 0L;
            for (var at = Stride; at < _counts.Length; at += Stride)
            {
                total += Volatile.Read(ref _counts[at]);
            }

            return total;
        }
    }

    /// <summary>Adds to the count. Wait-free; allocates nothing; never throws.</summary>
    /// <param name="count">How many events.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long count = 1) => Interlocked.Add(ref _counts[(Stripes.Current + 1) * Stride], count);

    /// <summary>
    /// Events within the last <paramref name="window"/>: to the second for up to a minute, to the minute beyond, an hour
    /// at most.
    /// </summary>
    /// <param name="window">How far to look back.</param>
    public long GetCount(TimeSpan window)
    {
        var (second, from) = _clock.GetWindow(window);
        lock (_lock)
        {
            CloseUnderLock(second);
            return TotalCount - GetTotalAt(from);
        }
    }

    void ISliced.Close(long second)
    {
        lock (_lock)
        {
            CloseUnderLock(second);
        }
    }

    private void CloseUnderLock(long second)
    {
        if (second <= _closedAt)
        {
            return;
        }

        _closedAt = second;
        var total = TotalCount;
        if (total != _closedTotal)
        {
            _closedTotal = total;
            _slices.Add(second, new CountSlice(total));
        }

        _slices.Condense(second);
        while (_slices.TryExpire(second, out var expired))
        {
            _expiredTotal = expired.Total;
        }
    }

    private long GetTotalAt(long from)
    {
        var seconds = _slices.Seconds;
        var before = seconds.Length - SliceRing<CountSlice>.After(from, seconds).Length;
        if (before > 0)
        {
            return seconds[before - 1].Value.Total;
        }

        var minutes = _slices.Minutes;
        before = minutes.Length - SliceRing<CountSlice>.After(from, minutes).Length;
        return before > 0 ? minutes[before - 1].Value.Total : _expiredTotal;
    }

    private readonly record struct CountSlice(long Total) : ISlice<CountSlice>
    {
        public static CountSlice Merge(ReadOnlySpan<Slice<CountSlice>> slices) => slices[^1].Value;
    }
}
