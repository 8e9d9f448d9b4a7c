namespace Monitoring.Caches;

/// <summary>Hits and misses of caches over one window. Zeros everywhere when there was nothing. Immutable.</summary>
public sealed class CacheSummary
{
    /// <summary>How far back it looks; an hour at most.</summary>
    public TimeSpan Window { get; init; }
}
