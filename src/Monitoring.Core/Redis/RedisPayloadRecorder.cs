using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// Sizes of values in a sliding window of an hour. A latency histogram that takes 1/1,024 of a byte for a nanosecond:
/// each size from 1 byte to 1 GiB, twice the largest string of Redis, is in the part of it that is within 3.2 %.
/// Thread-safe; recording is lock-free and allocates nothing.
/// </summary>
internal sealed class RedisPayloadRecorder(SliceClock clock)
{
    private const int UnitBits = 10;
    private const double UnitsPerByte = 1 << UnitBits;
    private const long MostOperations = 1 << 24;

    private readonly LatencyRecorder _sizes = new(clock);

    /// <summary>Records the size of one value that stands for those of one or more operations.</summary>
    public void Record(long bytes, long operations) =>
        _sizes.Record(Math.Clamp(bytes, 0, long.MaxValue >> UnitBits) << UnitBits, (uint)Math.Clamp(operations, 1, MostOperations));

    /// <summary>The sizes within the last <paramref name="window"/>: to the second for up to a minute, to the minute beyond.</summary>
    public RedisPayloadSizes GetSizes(TimeSpan window)
    {
        var sizes = _sizes.GetSnapshot(window);
        return sizes.Count == 0
            ? new RedisPayloadSizes()
            : new RedisPayloadSizes
            {
                Count = sizes.Count,
                AverageBytes = Math.Clamp(sizes.Sum / sizes.Count, sizes.MinimumNanoseconds, sizes.MaximumNanoseconds) / UnitsPerByte,
                P50Bytes = ToBytes(sizes.GetPercentileNanoseconds(50)),
                P95Bytes = ToBytes(sizes.GetPercentileNanoseconds(95)),
                P99Bytes = ToBytes(sizes.GetPercentileNanoseconds(99)),
                MaximumBytes = ToBytes(sizes.MaximumNanoseconds),
            };
    }

    // Rounded down: the whole bytes of a bucket that is no wider than one.
    private static long ToBytes(long units) => units >> UnitBits;
}
