using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// Commands that wait inside the client, sampled. By Little's law (Operations Research 9:3, 1961) their number over time
/// is the time that they spent waiting, added up. Thread-safe.
/// </summary>
internal sealed class RedisClientQueues(SliceClock clock)
{
    private readonly WindowedCounter _samples = new(clock);
    private readonly WindowedCounter _unsent = new(clock);
    private readonly WindowedCounter _awaitingCompletion = new(clock);

    /// <summary>Adds one reading of the client's counters.</summary>
    /// <param name="unsent">Commands that were not written yet.</param>
    /// <param name="awaitingCompletion">Replies received that were not completed yet.</param>
    /// <param name="elapsed">The time since the reading before, for which it stands.</param>
    public void Add(long unsent, long awaitingCompletion, TimeSpan elapsed)
    {
        _samples.Add();
        _unsent.Add((long)(unsent * elapsed.TotalMicroseconds));
        _awaitingCompletion.Add((long)(awaitingCompletion * elapsed.TotalMicroseconds));
    }

    /// <summary>Time that all commands of the window together waited; null when nothing was read.</summary>
    public (TimeSpan Unsent, TimeSpan AwaitingCompletion)? GetTimes(TimeSpan window) => _samples.GetCount(window) == 0
        ? null
        : (TimeSpan.FromMicroseconds(_unsent.GetCount(window)), TimeSpan.FromMicroseconds(_awaitingCompletion.GetCount(window)));
}
