using System.Diagnostics;
using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// Records latency and outcome of one Redis command. Obtain it once with <see cref="RedisMonitor.GetOperation"/> and keep
/// it. What is worth a closer look goes to <see cref="RedisMonitor.Observe"/> besides.
/// Thread-safe; no member throws. Recording is wait-free and allocates nothing, except that the first failure of a kind or
/// error, the first items and the first sent command take a lock to make their counter.
/// </summary>
public sealed class RedisOperationRecorder
{
    private readonly RedisOperations _operations;
    private readonly LatencyRecorder _latency;
    private readonly RedisFailures _failures;
    private readonly LazyCounter _sent;
    private readonly LazyCounter _items;

    // The last filter that was asked and let the command pass, and the last that did not.
    private CommandFilter? _passed;
    private CommandFilter? _refused;

    internal RedisOperationRecorder(string operation, string? endPoint, RedisOperations operations, SliceClock clock)
    {
        Operation = operation;
        EndPoint = endPoint;
        _operations = operations;
        _latency = new LatencyRecorder(clock);
        _failures = new RedisFailures(clock);
        _sent = new LazyCounter(clock);
        _items = new LazyCounter(clock);
        Lookups = RedisLookups.Of(operation, clock);
    }

    /// <summary>Redis command, such as <c>GET</c>.</summary>
    public string Operation { get; }

    /// <summary>Server as <c>host:port</c>; null where it is not known.</summary>
    public string? EndPoint { get; }

    /// <summary>
    /// Who is told whether a read found something, once its success is recorded; null for commands that are no read of a key. Decided
    /// once, so that the others pay for a comparison only.
    /// </summary>
    internal RedisLookups? Lookups { get; }

    /// <summary>
    /// Whether the options ask for this command: if not, who sends it passes it on untouched. What is recorded all the same
    /// counts. Wait-free; allocates nothing once it was asked.
    /// </summary>
    public bool IsRecorded => _operations.Filter is not { } filter || Passes(filter);

    /// <summary>
    /// A call that began at <paramref name="startTimestamp"/> (<see cref="Stopwatch.GetTimestamp"/>) ended well, now.
    /// </summary>
    public void Succeeded(long startTimestamp)
    {
        RecordSuccess(Stopwatch.GetTimestamp() - startTimestamp);
        Lookups?.Unknown();
    }

    /// <summary>A call that began at <paramref name="startTimestamp"/> failed, now.</summary>
    /// <param name="startTimestamp">When it began (<see cref="Stopwatch.GetTimestamp"/>).</param>
    /// <param name="kind">How it failed. The time of a rejected call is not recorded: it never waited for Redis.</param>
    /// <param name="error">
    /// Error prefix of the server or type of the exception; never a message. 16 are told apart, at most 64 characters kept.
    /// </param>
    public void Failed(long startTimestamp, RedisFailureKind kind, string error) =>
        Record(Stopwatch.GetElapsedTime(startTimestamp), kind, error);

    /// <summary>Counts the commands that one <c>PIPELINE</c> or <c>MULTI</c> carried; they are not operations of their own.</summary>
    public void AddItems(int count) => _items.Add(count);

    /// <summary>A call was sent whose outcome nobody will know (fire and forget).</summary>
    public void Sent() => _sent.Add(1);

    /// <summary>A call that took that many ticks of <see cref="Stopwatch"/> ended well.</summary>
    internal void RecordSuccess(long elapsedTicks) => _latency.RecordTicks(elapsedTicks);

    /// <summary>Records an operation that was measured elsewhere.</summary>
    internal void Record(TimeSpan duration, RedisFailureKind kind, string? error)
    {
        if (kind != RedisFailureKind.Rejected)
        {
            _latency.Record(duration);
        }

        if (kind == RedisFailureKind.None)
        {
            Lookups?.Unknown();
        }

        if (kind is > RedisFailureKind.None and <= RedisFailureKind.Canceled)
        {
            _failures.Add(kind, error ?? kind.ToString());
        }
    }

    // Each answer is one reference: whatever threads write, none reads half of one.
    private bool Passes(CommandFilter filter)
    {
        if (ReferenceEquals(Volatile.Read(ref _passed), filter))
        {
            return true;
        }

        if (ReferenceEquals(Volatile.Read(ref _refused), filter))
        {
            return false;
        }

        var passes = filter.Records(Operation);
        Volatile.Write(ref passes ? ref _passed : ref _refused, filter);
        return passes;
    }

    internal LatencySnapshot GetLatency(TimeSpan window) => _latency.GetSnapshot(window);

    internal void AddTo(LatencyColumns columns) => _latency.AddTo(columns);

    /// <summary>What was counted since the start.</summary>
    internal RedisOperationTotals GetTotals()
    {
        // The parts before the whole: a failure counted meanwhile must not be of an operation that is not.
        var failures = _failures.GetTotals();
        return new RedisOperationTotals(Operation, failures, _latency.GetTotals());
    }

    /// <summary>Reads since the start that found something, and that did not.</summary>
    internal (long Hits, long Misses) GetLookupTotals()
    {
        if (Lookups is not { } lookups)
        {
            return default;
        }

        // The parts before the whole, as above; an operation that failed was no lookup.
        var misses = lookups.MissTotal;
        var others = lookups.OtherTotal;
        var failures = _failures.GetTotals();
        return (Math.Max(0, _latency.TotalCount - (failures.Total - failures.Rejected + failures.Canceled) + others - misses), misses);
    }

    internal long TotalSent => _sent.TotalCount;

    internal void AddErrorTotals(Dictionary<string, long> totals) => _failures.AddTotals(totals);

    internal RedisFailureCounts GetFailures(TimeSpan window) => _failures.GetCounts(window);

    internal RedisOperationStatistics GetStatistics(TimeSpan window, LatencySnapshot latency)
    {
        var failures = _failures.GetCounts(window);
        return new RedisOperationStatistics
        {
            Operation = Operation,
            Count = latency.Count + failures.Rejected,
            Failures = failures.Total,
            FailuresByKind = failures,
            Errors = _failures.GetErrors(window),
            Average = latency.Average,
            P50 = latency.P50,
            P95 = latency.P95,
            P99 = latency.P99,
            Maximum = latency.Maximum,
            Sent = _sent.GetCount(window),
            Items = _items.GetCount(window),
        };
    }

    /// <summary>A counter that most commands never need.</summary>
    private sealed class LazyCounter(SliceClock clock)
    {
        private readonly Lock _lock = new();
        private WindowedCounter? _counter;

        public void Add(long count) => (Volatile.Read(ref _counter) ?? Make()).Add(count);

        public long TotalCount => Volatile.Read(ref _counter)?.TotalCount ?? 0;

        public long GetCount(TimeSpan window) => Volatile.Read(ref _counter)?.GetCount(window) ?? 0;

        // Under a lock, because the clock keeps every counter that was ever made.
        private WindowedCounter Make()
        {
            lock (_lock)
            {
                _counter ??= new WindowedCounter(clock);
                return _counter;
            }
        }
    }
}
