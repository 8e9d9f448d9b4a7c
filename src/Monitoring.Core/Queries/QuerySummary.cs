namespace Monitoring.Queries;

/// <summary>Database queries over one window. Zeros everywhere when there was nothing. Immutable.</summary>
public sealed class QuerySummary
{
    /// <summary>How far back it looks; an hour at most.</summary>
    public TimeSpan Window { get; init; }
}
