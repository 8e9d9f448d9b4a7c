using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>The greatest values of a probe, above a floor.</summary>
internal static class ProbeExcess
{
    /// <summary>
    /// Which part of the sum of all excesses, 0–1, the greatest of them make up if they are <paramref name="share"/> (0–1)
    /// of all. Values of one bucket count as its middle.
    /// </summary>
    public static double ShareOfGreatest(LatencySnapshot values, TimeSpan floor, double share)
    {
        var left = share * values.Count;
        var (total, greatest) = (0.0, 0.0);
        for (var i = values.Counts.Length - 1; i >= 0; i--)
        {
            var count = values.Counts[i];
            var excess = Math.Max(LatencyBuckets.Middle(values.FirstBucket + i) - floor.TotalNanoseconds, 0);
            total += count * excess;
            greatest += Math.Min(count, left) * excess;
            left = Math.Max(left - count, 0);
        }

        return total > 0 ? Math.Clamp(greatest / total, 0, 1) : 0;
    }
}
