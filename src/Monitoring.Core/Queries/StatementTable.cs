using System.Collections.Concurrent;
using Monitoring.Latency;
using Monitoring.Queries.Sql;

namespace Monitoring.Queries;

/// <summary>
/// Statements by fingerprint, bounded: when it is full, the one that was seen least recently makes room, for a service's own
/// statements come again and those that are made up each time do not. Thread-safe; finding a known statement takes no lock.
/// Memory at most: 9 KB and the text for each statement, which for 300 is 2.7 MB and 2.5 MB of the longest texts.
/// </summary>
internal sealed class StatementTable(SliceClock clock, int capacity)
{
    private readonly ConcurrentDictionary<ulong, StatementSeries> _series = new();

    // Held by whoever adds or takes out, so that there are never more than the capacity.
    private readonly Lock _lock = new();
    private long _overflowed;

    /// <summary>How many statements had to make room for another since the start.</summary>
    public long Overflowed => Volatile.Read(ref _overflowed);

    /// <summary>The statement of a fingerprint; null when it is not known.</summary>
    public Statement? Find(ulong fingerprint) => _series.GetValueOrDefault(fingerprint)?.Statement;

    /// <summary>Records a query. What is recorded of a statement at the very moment at which it makes room is not listed.</summary>
    public void Record(Statement statement, in QueryExecution query, bool slow, string? endpoint)
    {
        if (capacity > 0)
        {
            Get(statement).Record(in query, slow, endpoint, CoarseSlice.NumberOf(clock.Second), clock.TimeProvider.GetUtcNow());
        }
    }

    /// <summary>Adds rows that are told before or after the command itself.</summary>
    public void AddRows(Statement statement, long rows)
    {
        if (capacity > 0)
        {
            Get(statement).AddRows(rows, CoarseSlice.NumberOf(clock.Second), clock.TimeProvider.GetUtcNow());
        }
    }

    /// <summary>All of the window, which begins up to five minutes earlier than asked for, in no order.</summary>
    public List<QueryStatement> Read(TimeSpan window)
    {
        var (_, from) = clock.GetWindow(window);
        var statements = new List<QueryStatement>();

        // All at one moment: an enumeration could see a statement go and the one that takes its place come.
        foreach (var series in _series.Values)
        {
            if (series.Read(from) is { } statement)
            {
                statements.Add(statement);
            }
        }

        return statements;
    }

    private StatementSeries Get(Statement statement)
    {
        if (_series.TryGetValue(statement.Fingerprint, out var series))
        {
            return series;
        }

        lock (_lock)
        {
            if (_series.TryGetValue(statement.Fingerprint, out series))
            {
                return series;
            }

            if (_series.Count >= capacity)
            {
                MakeRoomUnderLock();
            }

            return _series[statement.Fingerprint] = new StatementSeries(statement, clock.TimeProvider.GetUtcNow());
        }
    }

    private void MakeRoomUnderLock()
    {
        StatementSeries? oldest = null;
        foreach (var (_, series) in _series)
        {
            oldest = oldest is null || series.Seen < oldest.Seen ? series : oldest;
        }

        _series.TryRemove(oldest!.Statement.Fingerprint, out _);
        Interlocked.Increment(ref _overflowed);
    }
}
