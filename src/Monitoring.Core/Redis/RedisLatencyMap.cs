using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>How the latency of Redis operations was distributed over time: a heat map. Immutable.</summary>
public sealed record RedisLatencyMap
{
    /// <summary>The beginning of the first column.</summary>
    public required DateTimeOffset StartAt { get; init; }

    /// <summary>How long each column is.</summary>
    public required TimeSpan Step { get; init; }

    /// <summary>
    /// What the operations of each row but the last took less than, ascending, each twice the one before: bounds of the histogram's
    /// own buckets. What took as long as the last or longer is in the last row.
    /// </summary>
    public IReadOnlyList<TimeSpan> UpperBounds { get; init; } = [];

    /// <summary>For each column, oldest first, how many operations fell into each row, the fastest first; one row more than there are bounds.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Columns { get; init; } = [];

    /// <summary>The map of the last <paramref name="window"/>, a minute at most, by the second.</summary>
    internal static RedisLatencyMap Of(SliceClock clock, RedisOperationRecorder[] recorders, TimeSpan window)
    {
        using var columns = new LatencyColumns(clock, window);
        foreach (var recorder in recorders)
        {
            recorder.AddTo(columns);
        }

        return Of(clock, columns.Start, 1, [.. Enumerable.Range(0, columns.Count).Select(columns.ReadRows)]);
    }

    /// <summary>The map of such columns.</summary>
    internal static RedisLatencyMap Of(SliceClock clock, long start, int seconds, IReadOnlyList<long[]> columns) => new()
    {
        StartAt = clock.StartedAt + TimeSpan.FromSeconds(start),
        Step = TimeSpan.FromSeconds(seconds),
        UpperBounds = LatencyColumns.Bounds,
        Columns = columns,
    };
}
