using System.Diagnostics;
using System.Numerics;

namespace Monitoring.Redis;

/// <summary>
/// Chooses which operations are looked at closely: slow ones, and of all a sample that follows the traffic. Up to the
/// budget of a second all are; beyond, one in N, where N is a power of two that doubles as soon as the budget is used up
/// and halves, once a second, while the budget allows it. Thread-safe; allocates nothing.
/// </summary>
/// <remarks>
/// Each operation of the sample stands for the N of its own decision, which is made before its outcome is known. So sums
/// over the sample, each counted as often as its weight says, are unbiased however N changes meanwhile (Horvitz and
/// Thompson, "A Generalization of Sampling Without Replacement from a Finite Universe", JASA 47:260, 1952).
/// </remarks>
internal sealed class RedisSampling
{
    // 2^64 divided by the golden ratio: Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4). Timestamps that
    // are all multiples of the clock's step would otherwise be all sampled or none.
    private const ulong Fibonacci = 0x9E37_79B9_7F4A_7C15;

    // One in 2^40 is none in practice; more doublings would end in a limit that stands for "off".
    private const int MostDoublings = 40;

    // A budget that is used up is overdrawn by a quarter for each doubling that it still takes.
    private const int OverdraftShare = 4;

    // In the middle of an array of its own: every call reads the fields below, and every sampled one writes this.
    private const int Taken = 16;
    private readonly long[] _taken = new long[2 * Taken];

    // What the hash of a timestamp may be at most: 2^64 / N - 1; zero when nothing is sampled.
    private ulong _limit;
    private long _budget;
    private long _slowTicks;

    public RedisSampling(RedisMonitoringOptions options) => Apply(options);

    /// <summary>How many operations one of the sample stands for at the moment; zero when none is looked at.</summary>
    public long Weight => WeightOf(Volatile.Read(ref _limit));

    /// <summary>Whether that many ticks of <see cref="Stopwatch"/> are slow.</summary>
    public bool IsSlow(long elapsedTicks) => elapsedTicks >= Volatile.Read(ref _slowTicks);

    /// <summary>
    /// How many operations one that began at <paramref name="startTimestamp"/> stands for; zero when it is not of the
    /// sample. Ask once for each operation. Decided by the digits of the timestamp, because a counter would be a cache
    /// line that all processors fight for.
    /// </summary>
    public long Choose(long startTimestamp)
    {
        var limit = Volatile.Read(ref _limit);
        return (ulong)startTimestamp * Fibonacci <= limit ? Take(limit) : 0;
    }

    /// <summary>A second is over: the budget is fresh, and N halves as often as what was taken allows.</summary>
    public void Tick()
    {
        var taken = Interlocked.Exchange(ref _taken[Taken], 0);
        var before = Volatile.Read(ref _limit);
        var limit = before;
        while (limit is not (0 or ulong.MaxValue) && 2 * taken <= Volatile.Read(ref _budget))
        {
            limit = (limit << 1) | 1;
            taken *= 2;
        }

        // If a call used the fresh budget up meanwhile, its doubling stands.
        Interlocked.CompareExchange(ref _limit, limit, before);
    }

    /// <summary>Takes over the options.</summary>
    public void Apply(RedisMonitoringOptions options)
    {
        Volatile.Write(ref _slowTicks, (long)(options.SlowThreshold.TotalSeconds * Stopwatch.Frequency));
        Volatile.Write(ref _budget, options.SamplesPerSecond);
        Interlocked.Exchange(ref _limit, options.SamplesPerSecond == 0 ? 0 : ulong.MaxValue);
    }

    private static long WeightOf(ulong limit) => limit == 0 ? 0 : 1L << BitOperations.LeadingZeroCount(limit);

    private long Take(ulong limit)
    {
        if (limit == 0)
        {
            return 0;
        }

        var budget = Volatile.Read(ref _budget);
        var over = Interlocked.Increment(ref _taken[Taken]) - budget - 1;
        if (over >= 0 && over % Math.Max(1, budget / OverdraftShare) == 0 && BitOperations.LeadingZeroCount(limit) < MostDoublings)
        {
            Interlocked.CompareExchange(ref _limit, limit >> 1, limit);
        }

        return WeightOf(limit);
    }
}
