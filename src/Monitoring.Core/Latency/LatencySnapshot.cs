namespace Monitoring.Latency;

/// <summary>
/// An immutable view of recorded latencies over one window. Safe to share between threads. Percentiles are within 3.2 %
/// of the exact value for latencies of 1 µs to 18 minutes (and rounded to the 100 ns of <see cref="TimeSpan"/>);
/// <see cref="Minimum"/> and <see cref="Maximum"/> are exact to 100 ns, except for values recorded at the very moment a
/// slice was closed, which are within their bucket (6.25 %).
/// </summary>
public sealed class LatencySnapshot
{
    private const double NanosecondsPerTick = 100;

    private readonly long[] _counts;

    private LatencySnapshot(long[] counts) => _counts = counts;

    /// <summary>The snapshot of an empty window: zeros everywhere.</summary>
    public static LatencySnapshot Empty { get; } = new([]);

    /// <summary>Number of recorded values.</summary>
    public long Count { get; private init; }

    /// <summary>
    /// Arithmetic mean, within 0.02 % (3.2 % where a single bucket took over 16 million values a second); zero when
    /// empty. Values outside the range count as its end.
    /// </summary>
    public TimeSpan Average => Count == 0 ? TimeSpan.Zero : ToTimeSpan(Math.Clamp(Sum / Count, MinimumNanoseconds, MaximumNanoseconds));

    /// <summary>Sum of the values, as exact as the mean; zero when empty.</summary>
    public TimeSpan Total => ToTimeSpan(Sum);

    /// <summary>Smallest recorded value; zero when empty.</summary>
    public TimeSpan Minimum => ToTimeSpan(MinimumNanoseconds);

    /// <summary>Largest recorded value; zero when empty.</summary>
    public TimeSpan Maximum => ToTimeSpan(MaximumNanoseconds);

    /// <summary>Median.</summary>
    public TimeSpan P50 => GetPercentile(50);

    /// <summary>95th percentile.</summary>
    public TimeSpan P95 => GetPercentile(95);

    /// <summary>99th percentile.</summary>
    public TimeSpan P99 => GetPercentile(99);

    /// <summary>How many of the values were below zero, and count as zero.</summary>
    public long SaturatedBelow => Count > 0 && FirstBucket == LatencyBuckets.Below ? _counts[0] : 0;

    /// <summary>How many of the values were 18.3 minutes or more; percentiles among them answer with 18.3 minutes.</summary>
    public long SaturatedAbove => Count > 0 && FirstBucket + _counts.Length > LatencyBuckets.Above ? _counts[^1] : 0;

    /// <summary>Counts of the buckets from <see cref="FirstBucket"/> on.</summary>
    internal ReadOnlySpan<long> Counts => _counts;

    internal int FirstBucket { get; private init; }

    internal double Sum { get; private init; }

    internal long MinimumNanoseconds { get; private init; }

    internal long MaximumNanoseconds { get; private init; }

    /// <summary>One snapshot of the values of several.</summary>
    /// <param name="snapshots">What to merge; may be empty.</param>
    public static LatencySnapshot Merge(params IEnumerable<LatencySnapshot> snapshots)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        var merged = new LatencyHistogram();
        foreach (var snapshot in snapshots)
        {
            merged.Add(snapshot);
        }

        return From(merged);
    }

    /// <summary>
    /// The smallest recorded value that is not below <paramref name="percentile"/> % of the values, by nearest rank: the
    /// ⌈p/100 · n⌉-th smallest (definition 1 in Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American
    /// Statistician 50:4, 1996). Zero when empty.
    /// </summary>
    /// <param name="percentile">0 (the minimum) to 100 (the maximum).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percentile"/> is not within 0–100.</exception>
    public TimeSpan GetPercentile(double percentile) => ToTimeSpan(GetPercentileNanoseconds(percentile));

    /// <summary>
    /// Share of values at or below <paramref name="limit"/>, 0–100; zero when empty. Values that share a bucket with the
    /// limit are taken to be spread evenly over it.
    /// </summary>
    /// <param name="limit">The latency to compare with.</param>
    public double GetPercentWithin(TimeSpan limit)
    {
        var nanoseconds = limit.Ticks * NanosecondsPerTick;
        if (Count == 0 || nanoseconds < MinimumNanoseconds)
        {
            return 0;
        }

        if (nanoseconds >= MaximumNanoseconds)
        {
            return 100;
        }

        var within = 0.0;
        for (var i = 0; i < _counts.Length; i++)
        {
            within += _counts[i] * ShareWithin(FirstBucket + i, nanoseconds);
        }

        return 100 * within / Count;
    }

    internal static LatencySnapshot From(LatencyHistogram histogram)
    {
        if (histogram.Count == 0)
        {
            return Empty;
        }

        var first = histogram.Counts.IndexOfAnyExcept(0);
        var last = histogram.Counts.LastIndexOfAnyExcept(0);
        return new LatencySnapshot(histogram.Counts[first..(last + 1)].ToArray())
        {
            Count = histogram.Count,
            FirstBucket = first,
            Sum = histogram.Sum,
            MinimumNanoseconds = histogram.Minimum,
            MaximumNanoseconds = histogram.Maximum,
        };
    }

    internal long GetPercentileNanoseconds(double percentile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percentile);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percentile, 100);
        var rank = (long)Math.Ceiling(percentile * Count / 100);
        if (rank >= Count)
        {
            return MaximumNanoseconds;
        }

        if (rank <= 1)
        {
            return MinimumNanoseconds;
        }

        var i = 0;
        for (var seen = _counts[0]; seen < rank; seen += _counts[i])
        {
            i++;
        }

        return Math.Clamp(LatencyBuckets.Middle(FirstBucket + i), MinimumNanoseconds, MaximumNanoseconds);
    }

    private static double ShareWithin(int bucket, double limit)
    {
        var lower = LatencyBuckets.LowerBound(bucket);
        var width = LatencyBuckets.Width(bucket);
        return width > 0 ? Math.Clamp((limit - lower) / width, 0, 1) : limit >= lower ? 1 : 0;
    }

    private static TimeSpan ToTimeSpan(double nanoseconds) => TimeSpan.FromTicks((long)Math.Round(nanoseconds / NanosecondsPerTick));
}
