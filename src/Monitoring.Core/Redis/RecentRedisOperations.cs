using System.Diagnostics;
using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// The recent operations of all commands: every failed and every slow one, and a sample of the others. Rejected calls are
/// sampled too: an open circuit makes thousands a second, which would push out the failures that opened it. The two kinds
/// have a list each, so that ordinary traffic does not push out failures either. Thread-safe, wait-free, allocates nothing.
/// </summary>
internal sealed class RecentRedisOperations(TimeProvider timeProvider, RedisMonitoringOptions options)
{
    private const int SampleBits = 7;

    private readonly RecentList<RecentRedisOperation> _notable = new((options.RecentCapacity + 1) / 2);
    private readonly RecentList<RecentRedisOperation> _sampled = new(options.RecentCapacity / 2);
    private readonly long _slowTicks = (long)(options.SlowThreshold.TotalSeconds * Stopwatch.Frequency);

    /// <summary>
    /// Whether an operation of that duration that succeeded at that time is kept: if it was slow, and one in 128 else.
    /// Decided by the digits of the timestamp, because a counter would be a cache line that all processors fight for.
    /// </summary>
    public bool Keeps(long elapsedTicks, long timestamp) => elapsedTicks >= _slowTicks || IsSampled(timestamp);

    public void AddSuccess(string operation, TimeSpan duration)
    {
        var list = duration.TotalSeconds * Stopwatch.Frequency >= _slowTicks ? _notable : _sampled;
        list.Add(new RecentRedisOperation(timeProvider.GetUtcNow(), operation, duration, RedisFailureKind.None, null));
    }

    public void AddFailure(string operation, TimeSpan duration, RedisFailureKind kind, string error, long timestamp)
    {
        var rejected = kind == RedisFailureKind.Rejected;
        if (!rejected || IsSampled(timestamp))
        {
            (rejected ? _sampled : _notable).Add(new RecentRedisOperation(timeProvider.GetUtcNow(), operation, duration, kind, error));
        }
    }

    /// <summary>The kept operations, newest first.</summary>
    public IReadOnlyList<RecentRedisOperation> ToList() =>
        [.. _notable.ToList().Concat(_sampled.ToList()).OrderByDescending(static operation => operation.At)];

    // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): timestamps that are all multiples of the clock's
    // step would otherwise be all sampled or none.
    private static bool IsSampled(long timestamp) => ((ulong)timestamp * 0x9E37_79B9_7F4A_7C15) >> (64 - SampleBits) == 0;
}
