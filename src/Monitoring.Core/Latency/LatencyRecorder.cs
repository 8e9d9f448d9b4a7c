using System.Diagnostics;

namespace Monitoring.Latency;

/// <summary>
/// Records latencies into a sliding window of an hour: from 1 µs to 18 minutes, with a relative error of at most 3.2 %.
/// Thread-safe. Recording is lock-free, allocates nothing and costs one atomic addition; reading takes a lock that
/// recording never takes.
/// </summary>
/// <remarks>
/// What was recorded belongs to the slice in which it is read from the cells, which is a second long unless the clock's
/// timer is late. Values below zero or of 18.3 minutes and more saturate; the snapshot counts them.
/// Memory at most, on eight processors or more: 40 KB, and up to 110 KB for an hour of values spread as wide as can be;
/// some 20 KB for the latencies of one ordinary operation.
/// </remarks>
public sealed class LatencyRecorder : ISliced
{
    private const long NanosecondsPerTimeSpanTick = 1_000_000_000 / TimeSpan.TicksPerSecond;
    private static readonly double NanosecondsPerStopwatchTick = 1e9 / Stopwatch.Frequency;

    // Scratch space of the thread that closes or reads; it never leaves a method and no foreign code runs meanwhile.
    [ThreadStatic]
    private static LatencyHistogram? Scratch;

    private readonly SliceClock _clock;
    private readonly LatencyCells _cells = new();

    // All below are guarded by the lock.
    private readonly Lock _lock = new();
    private readonly SliceRing<CompactHistogram> _slices = new();
    private readonly long[] _hour = new long[LatencyBuckets.Count];
    private long _closedAt;
    private long _closedCount;
    private double _closedSum;

    /// <summary>Creates a recorder and registers it with the clock, for the clock's lifetime.</summary>
    /// <param name="clock">The clock that closes its slices.</param>
    public LatencyRecorder(SliceClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _closedAt = clock.Second;
        clock.Register(this);
    }

    /// <summary>
    /// Number of values recorded since the start. Exact once recording pauses; while it goes on, some of the values
    /// being recorded are included.
    /// </summary>
    public long TotalCount => GetTotals().Count;

    /// <summary>
    /// Number and sum of the values recorded since the start, of the same values; the sum as exact as a snapshot's. Neither
    /// ever falls: what is open is added up in the order in which it will be closed, and rounding keeps order.
    /// </summary>
    internal LatencyTotals GetTotals()
    {
        lock (_lock)
        {
            var open = TakeScratch();
            if (_cells.IsTouched)
            {
                _cells.AddTo(open, close: false);
            }

            return new LatencyTotals(_closedCount + open.Count, (long)(_closedSum + open.Sum));
        }
    }

    /// <summary>Records one latency. Lock-free; allocates nothing; never throws.</summary>
    /// <param name="elapsed">The latency; saturates below zero and from 18.3 minutes on.</param>
    public void Record(TimeSpan elapsed)
    {
        var ticks = elapsed.Ticks;
        _cells.Record((ulong)ticks <= long.MaxValue / NanosecondsPerTimeSpanTick
            ? ticks * NanosecondsPerTimeSpanTick
            : ticks < 0 ? -1 : long.MaxValue);
    }

    /// <summary>
    /// Records one latency in ticks of <see cref="Stopwatch"/>. Lock-free; allocates nothing; never throws.
    /// </summary>
    /// <param name="stopwatchTicks">The difference of two readings of <see cref="Stopwatch.GetTimestamp"/>.</param>
    public void RecordTicks(long stopwatchTicks) =>
        _cells.Record(Stopwatch.Frequency == 1_000_000_000
            ? stopwatchTicks
            : (long)(stopwatchTicks * NanosecondsPerStopwatchTick));

    /// <summary>
    /// Records a value that occurred several times, in nanoseconds or any other unit with a range of 2⁴⁰. Lock-free;
    /// allocates nothing; never throws.
    /// </summary>
    /// <param name="nanoseconds">The value.</param>
    /// <param name="times">How often it occurred: 1 to 2²⁴.</param>
    internal void Record(long nanoseconds, uint times) => _cells.Record(nanoseconds, times);

    /// <summary>
    /// What was recorded within the last <paramref name="window"/>: to the second for up to a minute, to the minute
    /// beyond, an hour at most.
    /// </summary>
    /// <param name="window">How far to look back.</param>
    public LatencySnapshot GetSnapshot(TimeSpan window)
    {
        var (second, from) = _clock.GetWindow(window);
        lock (_lock)
        {
            CloseUnderLock(second);
            var histogram = TakeScratch();
            if (second - from >= SliceClock.Kept)
            {
                AddHour(histogram);
            }
            else
            {
                AddSince(from, histogram);
            }

            if (_cells.IsTouched)
            {
                _cells.AddTo(histogram, close: false);
            }

            return LatencySnapshot.From(histogram);
        }
    }

    /// <summary>Adds what was recorded within the window of the columns, each slice to its own: what the snapshot of that window counts.</summary>
    internal void AddTo(LatencyColumns columns)
    {
        lock (_lock)
        {
            CloseUnderLock(columns.Second);

            // Single seconds are kept for longer than the minute that columns reach back.
            foreach (ref readonly var slice in SliceRing<CompactHistogram>.After(columns.From, _slices.Seconds))
            {
                slice.Value.AddTo(columns.At(slice.End));
            }

            if (_cells.IsTouched)
            {
                var open = TakeScratch();
                _cells.AddTo(open, close: false);
                var counts = columns.At(columns.Second + 1);
                for (var bucket = 0; bucket < counts.Length; bucket++)
                {
                    counts[bucket] += open.Counts[bucket];
                }
            }
        }
    }

    void ISliced.Close(long second)
    {
        lock (_lock)
        {
            CloseUnderLock(second);
        }
    }

    private static LatencyHistogram TakeScratch()
    {
        var scratch = Scratch ??= new LatencyHistogram();
        scratch.Clear();
        return scratch;
    }

    private void CloseUnderLock(long second)
    {
        if (second <= _closedAt)
        {
            return;
        }

        _closedAt = second;
        if (_cells.IsTouched)
        {
            var open = TakeScratch();
            _cells.AddTo(open, close: true);
            if (open.Count > 0)
            {
                var slice = CompactHistogram.Encode(open);
                _slices.Add(second, slice);
                slice.AddTo(_hour);
                _closedCount += open.Count;
                _closedSum += open.Sum;
            }
        }

        _slices.Condense(second);
        while (_slices.TryExpire(second, out var expired))
        {
            expired.SubtractFrom(_hour);
        }
    }

    // The counts of an hour are kept added up; the rest is quickly added.
    private void AddHour(LatencyHistogram histogram)
    {
        histogram.AddCounts(_hour);
        foreach (ref readonly var slice in _slices.Minutes)
        {
            histogram.AddAllButCounts(slice.Value);
        }

        foreach (ref readonly var slice in _slices.Seconds)
        {
            histogram.AddAllButCounts(slice.Value);
        }
    }

    private void AddSince(long from, LatencyHistogram histogram)
    {
        foreach (ref readonly var slice in SliceRing<CompactHistogram>.After(from, _slices.Minutes))
        {
            histogram.Add(slice.Value);
        }

        foreach (ref readonly var slice in SliceRing<CompactHistogram>.After(from, _slices.Seconds))
        {
            histogram.Add(slice.Value);
        }
    }
}
