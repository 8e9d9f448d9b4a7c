using System.Numerics;

namespace Monitoring.SlowOperations;

/// <summary>
/// Durations of slow operations in 340 bytes: four buckets to each power of two from 1 ms to 18 minutes, whose middle is at
/// most 12.5 % of a value away; below 1 ms 0.13 ms. Longer ones are in the last bucket. For one thread at a time.
/// </summary>
internal sealed class SlowDurations
{
    // Microseconds / 262.144: the linear part ends at four units, 1.05 ms.
    private const int UnitBits = 18;
    private const int SubBits = 2;
    private const int Linear = 1 << SubBits;
    private const int Octaves = 20;
    private const int Count = Linear * (Octaves + 1);
    private const int NanosecondsPerTick = 100;

    private readonly uint[] _counts = new uint[Count];

    public void Record(TimeSpan duration) => _counts[Find(duration)]++;

    public void AddTo(Span<long> counts)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            counts[i] += _counts[i];
        }
    }

    public void Clear() => Array.Clear(_counts);

    /// <summary>Room for what <see cref="AddTo"/> adds.</summary>
    public static long[] NewCounts() => new long[Count];

    /// <summary>
    /// The percentile by nearest rank, as <c>LatencySnapshot.GetPercentile</c>; at most <paramref name="worst"/>, and that
    /// itself when the rank is the last.
    /// </summary>
    public static TimeSpan GetPercentile(ReadOnlySpan<long> counts, long total, double percentile, TimeSpan worst)
    {
        var rank = (long)Math.Ceiling(percentile * total / 100);
        if (rank >= total)
        {
            return worst;
        }

        var bucket = 0;
        for (var seen = counts[0]; seen < rank; seen += counts[bucket])
        {
            bucket++;
        }

        var middle = TimeSpan.FromTicks(Middle(bucket) / NanosecondsPerTick);
        return middle < worst ? middle : worst;
    }

    private static int Find(TimeSpan duration)
    {
        var units = (ulong)Math.Clamp(duration.Ticks, 0, long.MaxValue / NanosecondsPerTick) * NanosecondsPerTick >> UnitBits;

        // As in LatencyBuckets: the bit makes the linear part the first octave.
        var octave = BitOperations.Log2(units | Linear) - SubBits;
        return (int)Math.Min((ulong)((octave << SubBits) + (long)(units >> octave)), Count - 1);
    }

    private static long Middle(int bucket)
    {
        var octave = Math.Max((bucket >> SubBits) - 1, 0);
        var width = 1L << (octave + UnitBits);
        return ((bucket - (octave << SubBits)) * width) + (width >> 1);
    }
}
