using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// The recent operations of all commands: every failed and every slow one, and the sample of the others. Rejected calls are
/// sampled too: an open circuit makes thousands a second, which would push out the failures that opened it. The two kinds
/// have a list each, so that ordinary traffic does not push out failures either. Thread-safe, wait-free, allocates nothing.
/// </summary>
internal sealed class RecentRedisOperations(TimeProvider timeProvider, int capacity)
{
    private readonly RecentList<RecentRedisOperation> _notable = new((capacity + 1) / 2);
    private readonly RecentList<RecentRedisOperation> _sampled = new(capacity / 2);

    public void Add(in RedisObservation observation, string? keyPattern)
    {
        var isOrdinary = observation.Failure == RedisFailureKind.Rejected || (observation.Failure == RedisFailureKind.None && !observation.IsSlow);
        (isOrdinary ? _sampled : _notable).Add(new RecentRedisOperation(
            timeProvider.GetUtcNow(), observation.Operation, observation.Duration, observation.Failure, observation.Error, keyPattern));
    }

    /// <summary>The kept operations, newest first.</summary>
    public IReadOnlyList<RecentRedisOperation> ToList() =>
        [.. _notable.ToList().Concat(_sampled.ToList()).OrderByDescending(static operation => operation.At)];
}
