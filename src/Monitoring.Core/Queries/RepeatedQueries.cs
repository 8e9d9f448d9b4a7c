using System.Diagnostics;
using Monitoring.Queries.Sql;
using Monitoring.Requests;
using Monitoring.SlowOperations;

namespace Monitoring.Queries;

/// <summary>
/// Statements that ran again and again within one request, once for each request and statement, newest first. Bounded: a new
/// one pushes out the oldest. Thread-safe: a short lock, taken only once a statement has run as often as is too often.
/// </summary>
internal sealed class RepeatedQueries(TimeProvider timeProvider)
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 100;

    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _entries = new();
    private long _total;

    /// <summary>How many there were since the start.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Notes that a statement ran once more.</summary>
    /// <param name="scope">The request.</param>
    /// <param name="statement">What ran.</param>
    /// <param name="times">How often it has run within the request.</param>
    /// <param name="time">How long it took together.</param>
    /// <param name="activity">What it ran in.</param>
    public void Note(OperationScope scope, Statement statement, int times, TimeSpan time, Activity? activity)
    {
        lock (_lock)
        {
            for (var node = _entries.First; node is not null; node = node.Next)
            {
                if (node.Value.Scope == scope && node.Value.Statement.Fingerprint == statement.Fingerprint)
                {
                    node.Value.Become(times, time);
                    return;
                }
            }

            Volatile.Write(ref _total, _total + 1);
            var entry = new Entry(scope, scope.Name, statement, activity?.TraceId.ToString(), timeProvider.GetUtcNow());
            entry.Become(times, time);
            _entries.AddFirst(entry);
            if (_entries.Count > Capacity)
            {
                _entries.RemoveLast();
            }
        }
    }

    /// <summary>Those that began within the last <paramref name="window"/>, newest first.</summary>
    public IReadOnlyList<RepeatedQuery> Read(TimeSpan window)
    {
        var from = timeProvider.GetUtcNow() - window;
        lock (_lock)
        {
            return [.. _entries.Where(entry => entry.At >= from).Select(static entry => entry.ToPublic())];
        }
    }

    private sealed class Entry(OperationScope scope, string endpoint, Statement statement, string? traceId, DateTimeOffset at)
    {
        private int _times;
        private TimeSpan _time;

        public OperationScope Scope { get; } = scope;

        public Statement Statement { get; } = statement;

        public DateTimeOffset At { get; } = at;

        // Queries side by side may be noted out of their order.
        public void Become(int times, TimeSpan time)
        {
            if (times > _times)
            {
                (_times, _time) = (times, time);
            }
        }

        public RepeatedQuery ToPublic() => new()
        {
            Fingerprint = Fingerprint.ToText(Statement.Fingerprint),
            Text = Statement.Text,
            Endpoint = endpoint,
            Times = _times,
            TotalTime = _time,
            TraceId = traceId,
            At = At,
        };
    }
}
