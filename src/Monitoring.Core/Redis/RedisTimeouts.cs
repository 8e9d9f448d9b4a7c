using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// The last diagnosed timeouts, and how many were not diagnosed because there were too many of them. Thread-safe;
/// wait-free.
/// </summary>
internal sealed class RedisTimeouts(TimeProvider timeProvider, int capacity)
{
    /// <summary>How many are diagnosed a second at most: a server that stalls makes thousands time out at once, for one reason.</summary>
    public const int PerSecond = 100;

    private readonly RecentList<RedisTimeoutDiagnosis> _recent = new(capacity);

    // The second in the upper bits, how many were admitted in it in the lower 32.
    private long _admitted;
    private long _undiagnosed;

    /// <summary>How many timeouts were not diagnosed.</summary>
    public long Undiagnosed => Volatile.Read(ref _undiagnosed);

    /// <summary>Whether one more may be diagnosed now; counts it as undiagnosed if not.</summary>
    public bool Admits()
    {
        var second = timeProvider.GetTimestamp() / timeProvider.TimestampFrequency;
        var before = Volatile.Read(ref _admitted);
        while (true)
        {
            var count = before >> 32 == second ? (int)before : 0;
            if (count >= PerSecond || _recent.Capacity == 0)
            {
                Interlocked.Increment(ref _undiagnosed);
                return false;
            }

            var seen = Interlocked.CompareExchange(ref _admitted, (second << 32) | (uint)(count + 1), before);
            if (seen == before)
            {
                return true;
            }

            before = seen;
        }
    }

    public void Add(RedisTimeoutDiagnosis diagnosis) => _recent.Add(diagnosis);

    public IReadOnlyList<RedisTimeoutDiagnosis> ToList() => _recent.ToList();

    /// <summary>
    /// The newest timeout of the most frequent cause within the window; null when there was none. Of the operation's own
    /// timeouts if it had any: what starves or blocks one command mostly concerns the others too.
    /// </summary>
    public RedisTimeoutDiagnosis? Typical(TimeSpan window, string? operation = null)
    {
        var from = timeProvider.GetUtcNow() - window;
        var timeouts = _recent.ToList().Where(timeout => timeout.At >= from).ToList();
        var own = timeouts.Where(timeout => timeout.Operation == operation).ToList();
        return (own.Count > 0 ? own : timeouts).GroupBy(static timeout => timeout.Cause).MaxBy(static cause => cause.Count())?.First();
    }
}
