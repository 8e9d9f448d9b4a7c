using System.Numerics;

namespace Monitoring.Latency;

/// <summary>Which of a few copies of a counter the current thread adds to, so that processors seldom share one.</summary>
internal static class Stripes
{
    private const int Most = 8;

    /// <summary>How many copies there are: a power of two, as many as processors but at most 8.</summary>
    public static readonly int Count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, Most));

    /// <summary>The copy for the current thread. Another thread may use it at the same time: additions must be atomic.</summary>
    public static int Current => Thread.GetCurrentProcessorId() & (Count - 1);
}
