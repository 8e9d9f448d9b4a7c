using Monitoring.Latency;

namespace Monitoring.Requests;

/// <summary>How many of something are going on: goes up and down. Thread-safe; wait-free; allocates nothing.</summary>
internal sealed class StripedCount
{
    // A cache line each, and one in front.
    private const int Stride = 8;

    private readonly long[] _counts = new long[(Stripes.Count + 1) * Stride];

    /// <summary>The count; never below zero, though what goes up and down meanwhile may be seen half.</summary>
    public long Value
    {
        get
        {
            var value = 0L;
            for (var at = Stride; at < _counts.Length; at += Stride)
            {
                value += Volatile.Read(ref _counts[at]);
            }

            return Math.Max(value, 0);
        }
    }

    public void Add(long change) => Interlocked.Add(ref _counts[(Stripes.Current + 1) * Stride], change);
}
