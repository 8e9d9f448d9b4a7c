using System.Diagnostics;
using Monitoring.Latency;
using Monitoring.Queries.Sources;
using Monitoring.Queries.Sql;
using Monitoring.Requests;
using Monitoring.SlowOperations;
using Monitoring.Telemetry;

namespace Monitoring.Queries;

/// <summary>
/// Database queries, as Npgsql, SqlClient and EF Core report them. Thread-safe. Never a value of a query: of its text only
/// what is left when values are taken out.
/// </summary>
public sealed class QueryMonitor : IDisposable
{
    // Kinds of databases that are told apart; there are seldom two.
    private const int MostSystems = 8;

    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);
    private static readonly double StopwatchTicksPerTick = (double)Stopwatch.Frequency / TimeSpan.TicksPerSecond;

    private readonly SliceClock _clock;
    private readonly InternalErrors _errors;
    private readonly SlowOperationLog? _slowLog;
    private readonly SeriesTable<DatabaseSeries> _systems;
    private readonly StatementTable _statements;
    private readonly StatementCache _cache;
    private readonly RepeatedQueries _repeated;
    private readonly IDisposable[] _sources;

    // Written by who reloads, read by who records: each for itself, so a query sees either value.
    private long _slowTicks;
    private int _repeatThreshold;

    internal QueryMonitor(SliceClock clock, QueryOptions options, InternalErrors errors, SlowOperationLog? slowLog = null)
    {
        _clock = clock;
        _errors = errors;
        _slowLog = slowLog;
        _systems = new SeriesTable<DatabaseSeries>(MostSystems, name => new DatabaseSeries(name, clock));
        _statements = new StatementTable(clock, options.StatementCapacity);
        _cache = new StatementCache(_statements.Find);
        _repeated = new RepeatedQueries(clock.TimeProvider);
        Enabled = options.Enabled;
        Reload(options);

        // Last: they report at once.
        _sources = options.Enabled ? [new NpgsqlSource(this, errors), new DiagnosticSources(this, errors)] : [];
    }

    /// <summary>Whether queries are listened to.</summary>
    public bool Enabled { get; }

    /// <summary>Everything known about the last <paramref name="window"/>; an hour by default and at most.</summary>
    /// <param name="window">How far to look back.</param>
    /// <param name="threshold">Statements are listed that took as long at least once; those that were slow by default, all with zero.</param>
    /// <param name="limit">How many statements are listed at most: 100 by default.</param>
    public QuerySummary GetSummary(TimeSpan? window = null, TimeSpan? threshold = null, int limit = 100)
    {
        var span = window is { } asked && asked < LongestWindow ? asked : LongestWindow;
        var from = threshold ?? SlowThreshold;
        var systems = Array.ConvertAll(_systems.All, series => series.Read(span));
        var latency = LatencySnapshot.Merge(systems.Select(static system => system.Latency));
        return new QuerySummary
        {
            Window = span,
            Enabled = Enabled,
            Count = latency.Count,
            Failures = systems.Sum(static system => system.Failures),
            Canceled = systems.Sum(static system => system.Canceled),
            Slow = systems.Sum(static system => system.Slow),
            TotalTime = latency.Total,
            Average = latency.Average,
            P50 = latency.P50,
            P95 = latency.P95,
            P99 = latency.P99,
            Maximum = latency.Maximum,
            Threshold = from,
            Statements = [.. _statements.Read(span).Where(statement => statement.Worst >= from).OrderByDescending(static statement => statement.TotalTime).Take(limit)],
            Repeated = _repeated.Read(span),
            OverflowedStatements = _statements.Overflowed,
        };
    }

    /// <summary>Listens no longer. What was recorded can still be read.</summary>
    public void Dispose()
    {
        foreach (var source in _sources)
        {
            source.Dispose();
        }
    }

    /// <summary>Takes over the thresholds.</summary>
    internal void Reload(QueryOptions options)
    {
        Volatile.Write(ref _slowTicks, options.SlowThreshold.Ticks);
        Volatile.Write(ref _repeatThreshold, options.RepeatThreshold);
    }

    /// <summary>Statements since the start that made room for others.</summary>
    internal long OverflowedStatements => _statements.Overflowed;

    /// <summary>Statements since the start that ran again and again within one request, once for each.</summary>
    internal long RepeatedTotal => _repeated.Total;

    /// <summary>What was counted of each kind of database since the start.</summary>
    internal DatabaseTotals[] GetTotals() => Array.ConvertAll(_systems.All, static series => series.GetTotals());

    /// <summary>What was counted of each kind of database within a window.</summary>
    internal DatabaseWindow[] GetWindows(TimeSpan window) => Array.ConvertAll(_systems.All, series => series.Read(window));

    private TimeSpan SlowThreshold => TimeSpan.FromTicks(Volatile.Read(ref _slowTicks));

    /// <summary>Records a query that has ended. Never throws; allocates only for a text or a statement that is new.</summary>
    internal void Record(in QueryExecution query)
    {
        try
        {
            var slow = query.Duration >= SlowThreshold;
            var statement = _cache.Get(query.Sql, query.Database.Dialect);
            _systems.Get(query.Database.System).Record(in query, slow);
            var endpoint = Attribute(statement, in query);
            _statements.Record(statement, in query, slow, endpoint);
            if (slow && _slowLog is { } log && log.Admits(SlowOperationKind.Query))
            {
                log.Write(Describe(statement, in query, endpoint));
            }
        }
        catch (Exception exception)
        {
            _errors.Report("query", exception);
        }
    }

    /// <summary>Adds the rows of a query that is recorded by itself.</summary>
    internal void AddRows(string sql, in QueryDatabase database, long rows) => _statements.AddRows(_cache.Get(sql, database.Dialect), rows);

    // Counts the query for the request that it came from, and tells that one's name.
    private string? Attribute(Statement statement, in QueryExecution query)
    {
        if (OperationScope.Find(query.Activity) is not { } scope || !scope.BelongsTo(_clock))
        {
            return null;
        }

        var times = scope.AddQuery(statement.Fingerprint, (long)(query.Duration.Ticks * StopwatchTicksPerTick), out var together);
        if (times >= Volatile.Read(ref _repeatThreshold))
        {
            _repeated.Note(scope, statement, times, TimeSpan.FromTicks((long)(together / StopwatchTicksPerTick)), query.Activity);
        }

        return scope.Name is { Length: > 0 } name ? name : null;
    }

    private SlowOperationEvent Describe(Statement statement, in QueryExecution query, string? endpoint) =>
        new(SlowOperationKind.Query, Fingerprint.ToText(statement.Fingerprint), query.Duration, SlowThreshold, query.Outcome switch
        {
            QueryOutcome.Failed => "failed",
            QueryOutcome.Canceled => "canceled",
            _ => "succeeded",
        })
        {
            Source = endpoint is null ? $"{query.Database}" : $"{query.Database}, from {endpoint}",
            Detail = statement.Text,
            TraceId = query.Activity?.TraceId.ToString(),
        };
}
