namespace Monitoring.Latency;

/// <summary>The latencies of one closed slice.</summary>
internal readonly record struct LatencySlice(CompactHistogram Histogram) : ISlice<LatencySlice>
{
    /// <inheritdoc/>
    public static LatencySlice Merge(IReadOnlyList<LatencySlice> slices)
    {
        if (slices.Count == 1)
        {
            return slices[0];
        }

        var merged = new LatencyHistogram();
        foreach (var slice in slices)
        {
            merged.Add(slice.Histogram);
        }

        return new LatencySlice(CompactHistogram.Encode(merged));
    }
}
