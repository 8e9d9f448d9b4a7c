using System.Buffers;

namespace Monitoring.Latency;

/// <summary>
/// What recorders have of a window of a minute at most, by the second.
/// Recorders add their counts one after the other; together they are the counts of their snapshots. Rows are powers of two, which
/// are bounds of buckets. For one thread; dispose it when it is read.
/// </summary>
internal sealed class LatencyColumns : IDisposable
{
    // 65.5 µs to 1.07 s; whole buckets fit between powers of two from 2.05 µs on.
    private const int FirstBit = 16;
    private const int LastBit = 30;

    /// <summary>How many rows there are: one more than there are bounds.</summary>
    public const int Rows = LastBit - FirstBit + 2;

    private readonly long[] _counts;

    public LatencyColumns(SliceClock clock, TimeSpan window)
    {
        (Second, From) = clock.GetWindow(window);
        Start = Math.Max(From, 0);
        Count = (int)(Second - Start) + 1;
        _counts = ArrayPool<long>.Shared.Rent(Count * LatencyBuckets.Count);
        Array.Clear(_counts);
    }

    /// <summary>How far recorders can be read by the second.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The bounds between rows: what is less is in the row of the bound or before, what is more after it.</summary>
    public static IReadOnlyList<TimeSpan> Bounds { get; } =
        [.. Enumerable.Range(FirstBit, LastBit - FirstBit + 1).Select(static bit => TimeSpan.FromTicks((1L << bit) / TimeSpan.NanosecondsPerTick))];

    /// <summary>The second of the clock that is open.</summary>
    public long Second { get; }

    /// <summary>The second after which a slice must end to belong to the window.</summary>
    public long From { get; }

    /// <summary>How many columns there are.</summary>
    public int Count { get; }

    /// <summary>The second of the clock at which the first column begins.</summary>
    public long Start { get; }

    /// <summary>The counts by bucket of the column of a slice.</summary>
    /// <param name="end">The second of the clock at which it ends; one of the window.</param>
    public Span<long> At(long end)
    {
        var column = (int)Math.Clamp(end - 1 - Start, 0, Count - 1);
        return _counts.AsSpan(column * LatencyBuckets.Count, LatencyBuckets.Count);
    }

    /// <summary>The counts of a column by row, the fastest first.</summary>
    public long[] ReadRows(int column)
    {
        var rows = new long[Rows];
        var counts = _counts.AsSpan(column * LatencyBuckets.Count, LatencyBuckets.Count);
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            rows[RowOf(bucket)] += counts[bucket];
        }

        return rows;
    }

    public void Dispose() => ArrayPool<long>.Shared.Return(_counts);

    private static int RowOf(int bucket)
    {
        var bits = bucket == LatencyBuckets.Above ? LastBit + 1 : 64 - (int)long.LeadingZeroCount(LatencyBuckets.LowerBound(bucket));
        return Math.Clamp(bits - FirstBit, 0, LastBit - FirstBit + 1);
    }
}
