using Monitoring.Latency;
using Monitoring.Queries.Sql;
using Monitoring.SlowOperations;

namespace Monitoring.Queries;

/// <summary>
/// One statement over an hour, in slices of five minutes that are made when they are needed. Thread-safe: its lock is held
/// for some additions and while it is read, and no other code runs under it.
/// </summary>
internal sealed class StatementSeries(Statement statement, DateTimeOffset createdAt)
{
    private const int ListedEndpoints = 5;

    private readonly Lock _lock = new();
    private readonly StatementSlice?[] _slices = new StatementSlice?[CoarseSlice.Count];
    private QueryDatabase _database;
    private TimeSpan _last;
    private DateTimeOffset _lastAt;

    // Written under the lock, read without it by who looks for the statement that was seen least recently.
    private long _seen = createdAt.UtcTicks;

    public Statement Statement { get; } = statement;

    /// <summary>When it was recorded last, in ticks that only serve to compare.</summary>
    public long Seen => Volatile.Read(ref _seen);

    public void Record(in QueryExecution query, bool slow, string? endpoint, long number, DateTimeOffset now)
    {
        lock (_lock)
        {
            SliceUnderLock(number).Record(in query, slow, endpoint);
            (_database, _last, _lastAt) = (query.Database, query.Duration, now);
            Volatile.Write(ref _seen, now.UtcTicks);
        }
    }

    /// <summary>Adds rows that are told before or after the command itself.</summary>
    public void AddRows(long rows, long number, DateTimeOffset now)
    {
        lock (_lock)
        {
            SliceUnderLock(number).AddRows(rows);
            Volatile.Write(ref _seen, now.UtcTicks);
        }
    }

    /// <summary>What was recorded after a second of the clock; null when that is nothing.</summary>
    public QueryStatement? Read(long from)
    {
        lock (_lock)
        {
            var (count, failures, slow, rows, rowsKnown) = (0L, 0L, 0L, 0L, 0L);
            var (time, worst) = (0.0, TimeSpan.Zero);
            var durations = SlowDurations.NewCounts();
            var endpoints = new Dictionary<string, (long Count, double Ticks)>();
            foreach (var slice in _slices)
            {
                if (slice is not { Times.Count: > 0 } || !CoarseSlice.IsAfter(from, slice.Times.Number))
                {
                    continue;
                }

                count += slice.Times.Count;
                failures += slice.Times.Failures;
                slow += slice.Slow;
                rows += slice.Rows;
                rowsKnown += slice.RowsKnown;
                time += slice.Times.Time;
                worst = slice.Times.Worst > worst ? slice.Times.Worst : worst;
                slice.Times.Durations.AddTo(durations);
                Add(endpoints, slice.Endpoints);
            }

            return count == 0 ? null : new QueryStatement
            {
                Fingerprint = Fingerprint.ToText(Statement.Fingerprint),
                Text = Statement.Text,
                System = _database.System,
                Database = _database.Name,
                Count = count,
                Failures = failures,
                Slow = slow,
                TotalTime = TimeSpan.FromTicks((long)time),
                Average = TimeSpan.FromTicks((long)(time / count)),
                P95 = SlowDurations.GetPercentile(durations, count, 95, worst),
                Worst = worst,
                Last = _last,
                LastAt = _lastAt,
                Rows = rowsKnown > 0 ? rows : null,
                Endpoints = List(endpoints),
            };
        }
    }

    private StatementSlice SliceUnderLock(long number)
    {
        var slice = _slices[number % CoarseSlice.Count] ??= new StatementSlice();
        slice.Begin(number);
        return slice;
    }

    private static void Add(Dictionary<string, (long Count, double Ticks)> endpoints, ReadOnlySpan<StatementSlice.EndpointCount> counts)
    {
        foreach (var (name, count, ticks) in counts)
        {
            if (name is not null)
            {
                var sum = endpoints.GetValueOrDefault(name);
                endpoints[name] = (sum.Count + count, sum.Ticks + ticks);
            }
        }
    }

    private static QueryEndpoint[] List(Dictionary<string, (long Count, double Ticks)> endpoints) =>
        [.. endpoints
            .Select(static endpoint => new QueryEndpoint(endpoint.Key, endpoint.Value.Count, TimeSpan.FromTicks((long)endpoint.Value.Ticks)))
            .OrderByDescending(static endpoint => endpoint.TotalTime)
            .Take(ListedEndpoints)];
}
