using System.Collections.Concurrent;
using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// The failures of one command: by kind, and by error for at most 16 different ones; further errors count as
/// <c>OTHER</c>. A counter is made when the first failure needs it. Thread-safe; adding to a counter that exists is
/// wait-free and allocates nothing.
/// </summary>
internal sealed class RedisFailures(SliceClock clock)
{
    private const int ErrorLimit = 16;
    private const int LongestError = 64;
    private const string Other = "OTHER";

    private readonly Lock _lock = new();
    private readonly WindowedCounter?[] _byKind = new WindowedCounter?[(int)RedisFailureKind.Canceled + 1];
    private readonly ConcurrentDictionary<string, WindowedCounter> _byError = new(StringComparer.Ordinal);

    // Made when the first error is one too many.
    private WindowedCounter? _others;

    public void Add(RedisFailureKind kind, string error)
    {
        (Volatile.Read(ref _byKind[(int)kind]) ?? AddKind(kind)).Add();
        if (error.Length > LongestError)
        {
            error = error[..LongestError];
        }

        (_byError.TryGetValue(error, out var counter) ? counter : Volatile.Read(ref _others) ?? AddError(error)).Add();
    }

    public RedisFailureCounts GetCounts(TimeSpan window) => new()
    {
        Timeout = GetCount(RedisFailureKind.Timeout, window),
        Connection = GetCount(RedisFailureKind.Connection, window),
        Server = GetCount(RedisFailureKind.Server, window),
        Rejected = GetCount(RedisFailureKind.Rejected, window),
        Canceled = GetCount(RedisFailureKind.Canceled, window),
    };

    /// <summary>Number of failures of each error that occurred in the window.</summary>
    public Dictionary<string, long> GetErrors(TimeSpan window)
    {
        var errors = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (error, counter) in _byError)
        {
            if (counter.GetCount(window) is > 0 and var count)
            {
                errors.Add(error, count);
            }
        }

        return errors;
    }

    /// <summary>Number of failures of each kind since the start.</summary>
    public RedisFailureCounts GetTotals() => new()
    {
        Timeout = GetTotal(RedisFailureKind.Timeout),
        Connection = GetTotal(RedisFailureKind.Connection),
        Server = GetTotal(RedisFailureKind.Server),
        Rejected = GetTotal(RedisFailureKind.Rejected),
        Canceled = GetTotal(RedisFailureKind.Canceled),
    };

    /// <summary>Adds the number of failures of each error since the start.</summary>
    public void AddTotals(Dictionary<string, long> totals)
    {
        foreach (var (error, counter) in _byError)
        {
            totals[error] = totals.GetValueOrDefault(error) + counter.TotalCount;
        }
    }

    private long GetCount(RedisFailureKind kind, TimeSpan window) => Volatile.Read(ref _byKind[(int)kind])?.GetCount(window) ?? 0;

    private long GetTotal(RedisFailureKind kind) => Volatile.Read(ref _byKind[(int)kind])?.TotalCount ?? 0;

    // Under the lock, because the clock keeps every counter that was ever made.
    private WindowedCounter AddKind(RedisFailureKind kind)
    {
        lock (_lock)
        {
            var counter = _byKind[(int)kind] ?? new WindowedCounter(clock);
            Volatile.Write(ref _byKind[(int)kind], counter);
            return counter;
        }
    }

    private WindowedCounter AddError(string error)
    {
        lock (_lock)
        {
            var isOneTooMany = !_byError.ContainsKey(error) && _byError.Count >= ErrorLimit;
            var counter = _byError.GetOrAdd(isOneTooMany ? Other : error, static (_, clock) => new WindowedCounter(clock), clock);
            if (isOneTooMany)
            {
                Volatile.Write(ref _others, counter);
            }

            return counter;
        }
    }
}
