namespace Monitoring.Latency;

/// <summary>
/// A log-linear histogram of latencies from 1 µs to 18 minutes with a relative error of at most 3.2 %: what closed
/// slices and live cells are added up in. Values outside the range saturate at its ends and are counted there.
/// For one thread at a time.
/// </summary>
internal sealed class LatencyHistogram
{
    private readonly long[] _counts = new long[LatencyBuckets.Count];

    /// <summary>Number of values.</summary>
    public long Count { get; private set; }

    /// <summary>Sum of the values in nanoseconds, each to 1/256 of its bucket's width.</summary>
    public double Sum { get; private set; }

    /// <summary>Smallest value in nanoseconds; <see cref="long.MaxValue"/> when empty.</summary>
    public long Minimum { get; private set; } = long.MaxValue;

    /// <summary>Largest value in nanoseconds; -1 when empty.</summary>
    public long Maximum { get; private set; } = -1;

    /// <summary>Number of values by bucket.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Adds one value.</summary>
    public void Record(long nanoseconds)
    {
        var bucket = LatencyBuckets.Find(nanoseconds, out var residual);
        Add(bucket, 1, residual);
        var value = Math.Max(nanoseconds, 0);
        Widen(value, value);
    }

    /// <summary>Adds values of one bucket, with the sum of where in it they lie (in steps of 1/256 of its width).</summary>
    public void Add(int bucket, long count, double residualSum)
    {
        _counts[bucket] += count;
        Count += count;

        // A value lies anywhere within its step: half a step each is what they are off by on average.
        var step = (double)LatencyBuckets.Width(bucket) / LatencyBuckets.ResidualSteps;
        Sum += ((double)count * LatencyBuckets.LowerBound(bucket)) + ((residualSum + (count * 0.5)) * step);
    }

    /// <summary>Adds all values of a closed slice.</summary>
    public void Add(in CompactHistogram slice)
    {
        slice.AddTo(_counts);
        AddAllButCounts(in slice);
    }

    /// <summary>Adds a slice whose bucket counts are among those given to <see cref="AddCounts"/>.</summary>
    public void AddAllButCounts(in CompactHistogram slice)
    {
        Count += slice.Count;
        Sum += slice.Sum;
        Widen(slice.Minimum, slice.Maximum);
    }

    /// <summary>Adds bucket counts alone, the first of them to bucket <paramref name="first"/>.</summary>
    public void AddCounts(ReadOnlySpan<long> counts, int first = 0)
    {
        var target = _counts.AsSpan(first, counts.Length);
        for (var i = 0; i < counts.Length; i++)
        {
            target[i] += counts[i];
        }
    }

    /// <summary>Adds all values of a snapshot.</summary>
    public void Add(LatencySnapshot snapshot)
    {
        if (snapshot.Count > 0)
        {
            AddCounts(snapshot.Counts, snapshot.FirstBucket);
            Count += snapshot.Count;
            Sum += snapshot.Sum;
            Widen(snapshot.MinimumNanoseconds, snapshot.MaximumNanoseconds);
        }
    }

    /// <summary>Takes extremes into account, in nanoseconds.</summary>
    public void Widen(long minimum, long maximum)
    {
        Minimum = Math.Min(Minimum, minimum);
        Maximum = Math.Max(Maximum, maximum);
    }

    /// <summary>Makes it empty.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        (Count, Sum, Minimum, Maximum) = (0, 0, long.MaxValue, -1);
    }
}
