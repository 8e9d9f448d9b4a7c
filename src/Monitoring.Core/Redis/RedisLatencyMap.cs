namespace Monitoring.Redis;

/// <summary>How the latency of Redis operations was distributed over time: a heat map. Immutable.</summary>
public sealed record RedisLatencyMap
{
    /// <summary>The beginning of the first column.</summary>
    public required DateTimeOffset StartAt { get; init; }

    /// <summary>How long each column is.</summary>
    public required TimeSpan Step { get; init; }

    /// <summary>The upper bound of each row but the last, milliseconds, ascending; what is slower is in the last row.</summary>
    public IReadOnlyList<double> UpperBoundsMilliseconds { get; init; } = [];

    /// <summary>For each column, oldest first, how many operations fell into each row, the fastest first.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Columns { get; init; } = [];
}
