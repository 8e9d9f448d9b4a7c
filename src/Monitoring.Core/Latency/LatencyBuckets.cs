using System.Numerics;

namespace Monitoring.Latency;

/// <summary>
/// Log-linear buckets of nanoseconds, after HdrHistogram: 64 ns wide up to 2,048 ns, then 16 to each power of two up to
/// 2⁴⁰ ns (18.3 minutes). The middle of a bucket is at most 1/32 of a value from 1,024 ns on, and 32 ns below, away.
/// The first and the last bucket take what lies outside the range.
/// </summary>
internal static class LatencyBuckets
{
    /// <summary>Number of buckets: 496 in the range and one for each end.</summary>
    public const int Count = Above + 1;

    /// <summary>The bucket of negative values.</summary>
    public const int Below = 0;

    /// <summary>The bucket of values from <see cref="Range"/> on.</summary>
    public const int Above = 1 + ((RangeBits - LinearBits + 1) << SubBits);

    /// <summary>The first value too large for the range, in nanoseconds.</summary>
    public const long Range = 1L << RangeBits;

    /// <summary>How many steps a bucket's width is divided into to remember where in it a value lay.</summary>
    public const int ResidualSteps = 1 << ResidualBits;

    private const int RangeBits = 40;
    private const int LinearBits = 10;
    private const int SubBits = 4;
    private const int ResidualBits = 8;
    private const int UnitBits = LinearBits - SubBits;

    /// <summary>The bucket of a value, and where in it the value lies (0–255).</summary>
    public static int Find(long nanoseconds, out uint residual)
    {
        if ((ulong)nanoseconds >= Range)
        {
            residual = 0;
            return nanoseconds < 0 ? Below : Above;
        }

        // Setting the bit below which buckets are linear makes the linear part the first octave: no branch.
        var octave = BitOperations.Log2((ulong)nanoseconds | (1UL << LinearBits)) - LinearBits;
        var scaled = (nanoseconds << ResidualBits) >> (octave + UnitBits);
        residual = (uint)scaled & (ResidualSteps - 1);
        return 1 + (octave << SubBits) + (int)(scaled >> ResidualBits);
    }

    /// <summary>The smallest value of a bucket, in nanoseconds.</summary>
    public static long LowerBound(int bucket)
    {
        if (bucket <= Below)
        {
            return 0;
        }

        var octave = Octave(bucket);
        return (bucket - 1L - (octave << SubBits)) << (octave + UnitBits);
    }

    /// <summary>How far the values of a bucket lie apart at most, in nanoseconds; zero at the ends.</summary>
    public static long Width(int bucket) => bucket is Below or Above ? 0 : 1L << (Octave(bucket) + UnitBits);

    /// <summary>The value that stands for a bucket: its middle, in nanoseconds.</summary>
    public static long Middle(int bucket) => LowerBound(bucket) + (Width(bucket) >> 1);

    private static int Octave(int bucket) => Math.Max(((bucket - 1) >> SubBits) - 1, 0);
}
