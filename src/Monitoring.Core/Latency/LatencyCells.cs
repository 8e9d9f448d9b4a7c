using System.Runtime.CompilerServices;

namespace Monitoring.Latency;

/// <summary>
/// The cells that latencies are recorded into: one row a stripe, so that processors seldom write to the same line.
/// </summary>
/// <remarks>
/// <para>A cell is never reset. It holds, modulo 2⁶⁴, the number of values of its bucket in the low 32 bits plus the sum
/// of where in the bucket they lie in the high 32 bits, so one atomic addition records both. What a slice holds is the
/// difference between two readings of the sum over the stripes: readings follow each other without a gap, so no value is
/// lost or counted twice however recording and closing interleave. That holds for fewer than 2³² values of one bucket
/// between two closings, and for their sum for fewer than 2²⁴, beyond which the bucket's middle stands for it.</para>
/// <para>Extremes are per slice. Any thread may widen them; only closing, under the recorder's lock, resets them. A value
/// whose cell was read by one closing may widen the extremes of the next slice: see <see cref="AddTo"/>.</para>
/// </remarks>
internal sealed class LatencyCells
{
    // The extremes have the first cache line of a row to themselves, and a line lies between two rows.
    private const int Maximum = 0;
    private const int Minimum = 1;
    private const int FirstCell = 8;
    private const int Stride = (FirstCell + LatencyBuckets.Count + 15) / 8 * 8;
    private const long NoMaximum = -1;
    private const long NoMinimum = long.MaxValue;

    // From so many values of one bucket in one slice on, the sum of where they lie may have wrapped around.
    private const uint ResidualLimit = 1 << 24;

    private readonly int _lastStripe;
    private readonly long[] _rows;
    private readonly long[] _closed = new long[LatencyBuckets.Count];

    public LatencyCells()
        : this(Stripes.Count)
    {
    }

    /// <param name="stripes">A power of two, at most the number of stripes of this machine; one makes all threads collide.</param>
    public LatencyCells(int stripes)
    {
        _lastStripe = stripes - 1;
        _rows = new long[stripes * Stride];
        for (var row = 0; row < _rows.Length; row += Stride)
        {
            _rows[row + Maximum] = NoMaximum;
            _rows[row + Minimum] = NoMinimum;
        }
    }

    /// <summary>Whether something was recorded since the last closing; never false when there was.</summary>
    public bool IsTouched
    {
        get
        {
            for (var row = 0; row < _rows.Length; row += Stride)
            {
                if (Volatile.Read(ref _rows[row + Maximum]) != NoMaximum)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Records a value in nanoseconds. Wait-free but for new extremes, which are lock-free; allocates nothing.</summary>
    /// <param name="nanoseconds">The value.</param>
    /// <param name="times">How often it occurred: 1 to 2²⁴.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Record(long nanoseconds, uint times = 1)
    {
        var rows = _rows;
        var row = (Stripes.Current & _lastStripe) * Stride;
        var bucket = LatencyBuckets.Find(nanoseconds, out var residual);

        // The cell first, then the extremes: a closing that resets the extremes before they are looked at here has the
        // cell's new value to read, and one that resets them after leaves them to be set, which marks the row touched.
        Interlocked.Add(ref rows[row + FirstCell + bucket], ((long)(residual * times) << 32) | times);
        if (nanoseconds > Volatile.Read(ref rows[row + Maximum]) || nanoseconds < Volatile.Read(ref rows[row + Minimum]))
        {
            Widen(row, Math.Max(nanoseconds, 0));
        }
    }

    /// <summary>Adds what was recorded since the last closing. The caller holds the recorder's lock.</summary>
    /// <param name="target">What to add it to.</param>
    /// <param name="close">Whether this is a closing: what was added is not added again.</param>
    public void AddTo(LatencyHistogram target, bool close)
    {
        var (minimum, maximum) = close ? TakeExtremes() : ReadExtremes();
        var (lowest, highest) = (-1, -1);
        for (var bucket = 0; bucket < _closed.Length; bucket++)
        {
            var sum = 0L;
            for (var at = FirstCell + bucket; at < _rows.Length; at += Stride)
            {
                sum += Volatile.Read(ref _rows[at]);
            }

            var added = (ulong)(sum - _closed[bucket]);
            if (added != 0)
            {
                var count = (uint)added;
                target.Add(bucket, count, count < ResidualLimit ? (double)(added >> 32) : count * (LatencyBuckets.ResidualSteps / 2.0));
                lowest = lowest < 0 ? bucket : lowest;
                highest = bucket;
                _closed[bucket] = close ? sum : _closed[bucket];
            }
        }

        if (highest >= 0)
        {
            // Extremes of values that another slice counts must not speak for this one: each is held within its bucket.
            target.Widen(HoldWithin(lowest, minimum), HoldWithin(highest, maximum));
        }
    }

    private static long HoldWithin(int bucket, long value)
    {
        var lower = LatencyBuckets.LowerBound(bucket);
        return bucket == LatencyBuckets.Above
            ? Math.Max(value is NoMinimum ? lower : value, lower)
            : Math.Clamp(value, lower, lower + Math.Max(LatencyBuckets.Width(bucket) - 1, 0));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Widen(int row, long value)
    {
        ref var maximum = ref _rows[row + Maximum];
        for (var seen = Volatile.Read(ref maximum); value > seen;)
        {
            var before = seen;
            seen = Interlocked.CompareExchange(ref maximum, value, before);
            if (seen == before)
            {
                break;
            }
        }

        ref var minimum = ref _rows[row + Minimum];
        for (var seen = Volatile.Read(ref minimum); value < seen;)
        {
            var before = seen;
            seen = Interlocked.CompareExchange(ref minimum, value, before);
            if (seen == before)
            {
                break;
            }
        }
    }

    private (long Minimum, long Maximum) TakeExtremes()
    {
        var (minimum, maximum) = (NoMinimum, NoMaximum);
        for (var row = 0; row < _rows.Length; row += Stride)
        {
            maximum = Math.Max(maximum, Interlocked.Exchange(ref _rows[row + Maximum], NoMaximum));
            minimum = Math.Min(minimum, Interlocked.Exchange(ref _rows[row + Minimum], NoMinimum));
        }

        return (minimum, maximum);
    }

    private (long Minimum, long Maximum) ReadExtremes()
    {
        var (minimum, maximum) = (NoMinimum, NoMaximum);
        for (var row = 0; row < _rows.Length; row += Stride)
        {
            maximum = Math.Max(maximum, Volatile.Read(ref _rows[row + Maximum]));
            minimum = Math.Min(minimum, Volatile.Read(ref _rows[row + Minimum]));
        }

        return (minimum, maximum);
    }
}
