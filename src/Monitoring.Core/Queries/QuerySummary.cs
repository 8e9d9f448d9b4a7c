namespace Monitoring.Queries;

/// <summary>Database queries over one window. Zeros everywhere when there was nothing. Immutable.</summary>
public sealed class QuerySummary
{
    /// <summary>How far back it looks; an hour at most.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Whether queries are listened to: <see cref="QueryOptions.Enabled"/>.</summary>
    public bool Enabled { get; init; }

    /// <summary>Queries, failed ones and those that were given up included.</summary>
    public long Count { get; init; }

    /// <summary>How many of them failed.</summary>
    public long Failures { get; init; }

    /// <summary>How many of them the caller gave up.</summary>
    public long Canceled { get; init; }

    /// <summary>How many of them took at least <see cref="QueryOptions.SlowThreshold"/>.</summary>
    public long Slow { get; init; }

    /// <summary>How long they took together.</summary>
    public TimeSpan TotalTime { get; init; }

    /// <summary>Mean duration.</summary>
    public TimeSpan Average { get; init; }

    /// <summary>Median.</summary>
    public TimeSpan P50 { get; init; }

    /// <summary>95th percentile.</summary>
    public TimeSpan P95 { get; init; }

    /// <summary>99th percentile.</summary>
    public TimeSpan P99 { get; init; }

    /// <summary>The longest.</summary>
    public TimeSpan Maximum { get; init; }

    /// <summary>Duration from which on a statement is listed below.</summary>
    public TimeSpan Threshold { get; init; }

    /// <summary>
    /// The statements that took as long at least once, those that took the most time together first; a hundred by default.
    /// Their windows begin up to five minutes earlier.
    /// </summary>
    public IReadOnlyList<QueryStatement> Statements { get; init; } = [];

    /// <summary>Statements that ran again and again within one request, the newest first; the last hundred at most.</summary>
    public IReadOnlyList<RepeatedQuery> Repeated { get; init; } = [];

    /// <summary>Statements since the start that made room for others.</summary>
    public long OverflowedStatements { get; init; }
}
