namespace Monitoring.Redis;

/// <summary>
/// Keys of one shape, such as <c>user:{id}:cart</c>. Figures are estimates from the sample. The one that the list is ordered
/// by is never too low, and too high by <see cref="ErrorPercent"/> at most; the others are never too high. All are exact as
/// long as there were no more patterns than the list tells apart.
/// </summary>
public sealed record RedisKeyPattern
{
    /// <summary>The shape, or the key itself where <see cref="RedisMonitoringOptions.CaptureRawKeys"/> says so.</summary>
    public required string Pattern { get; init; }

    /// <summary>Operations.</summary>
    public long Calls { get; init; }

    /// <summary>Sum of their latencies.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>Sum of the bytes of arguments and replies, as far as they are free to know.</summary>
    public long Bytes { get; init; }

    /// <summary>By how much the figure that the list is ordered by may be too high, percent of it.</summary>
    public double ErrorPercent { get; init; }
}

/// <summary>The patterns that matter most, each list in its own order, the greatest first.</summary>
public sealed record RedisHotKeys
{
    /// <summary>The most called.</summary>
    public IReadOnlyList<RedisKeyPattern> ByCalls { get; init; } = [];

    /// <summary>Those that took the most time.</summary>
    public IReadOnlyList<RedisKeyPattern> ByTime { get; init; } = [];

    /// <summary>Those that moved the most bytes.</summary>
    public IReadOnlyList<RedisKeyPattern> ByBytes { get; init; } = [];
}
