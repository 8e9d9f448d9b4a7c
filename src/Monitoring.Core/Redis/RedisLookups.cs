using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// What came of the reads of one command that may find nothing. A read that found something, the usual case, costs nothing here: it
/// is what remains of the successful operations. Thread-safe and wait-free; allocates nothing.
/// </summary>
/// <remarks>
/// Whoever judges an operation has recorded its success before. So, read in the other order, there are never more misses than
/// operations.
/// </remarks>
internal sealed class RedisLookups
{
    private static readonly string[] Commands = ["GET", "GETEX", "GETDEL", "HGET", "HMGET", "MGET"];

    private readonly WindowedCounter _misses;
    private readonly WindowedCounter _others;

    private RedisLookups(string operation, SliceClock clock)
    {
        CountsKeys = operation == "MGET";
        _misses = new WindowedCounter(clock);
        _others = new WindowedCounter(clock);
    }

    /// <summary>Whether each value of a reply is a lookup of its own; otherwise all of them are one, which missed if none is there.</summary>
    public bool CountsKeys { get; }

    /// <summary>An operation found nothing.</summary>
    public void Missed() => _misses.Add();

    /// <summary>An operation looked up several keys.</summary>
    /// <param name="hits">Those that were there.</param>
    /// <param name="misses">Those that were not.</param>
    public void Add(long hits, long misses)
    {
        // The operation itself stands for a hit already.
        _others.Add(hits + misses - 1);
        _misses.Add(misses);
    }

    /// <summary>Nobody can tell whether an operation found something.</summary>
    public void Unknown() => _others.Add(-1);

    public static RedisLookups? Of(string operation, SliceClock clock) => Array.IndexOf(Commands, operation) >= 0 ? new RedisLookups(operation, clock) : null;

    /// <summary>Misses since the start; to be read before <see cref="OtherTotal"/> and the operations.</summary>
    public long MissTotal => _misses.TotalCount;

    /// <summary>How many lookups there were more than operations since the start.</summary>
    public long OtherTotal => _others.TotalCount;
}
