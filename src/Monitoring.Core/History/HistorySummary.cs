namespace Monitoring.History;

/// <summary>Some series between two moments, on one regular grid. Immutable.</summary>
public sealed record HistorySummary
{
    /// <summary>The beginning of the first point.</summary>
    public required DateTimeOffset StartAt { get; init; }

    /// <summary>How long each point is; 1 s or more.</summary>
    public required TimeSpan Step { get; init; }

    /// <summary>How many points each series has.</summary>
    public required int Count { get; init; }

    /// <summary>How far back the store reaches; null when it holds nothing yet.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>The series, by metric and instance.</summary>
    public IReadOnlyList<HistorySeries> Series { get; init; } = [];
}

/// <summary>One series of a <see cref="HistorySummary"/>.</summary>
/// <param name="Metric">What is measured.</param>
/// <param name="Instance">Which one of many (operation, endpoint, queue, circuit); null for all of them together.</param>
/// <param name="Unit">Unit of the values: <c>ms</c>, <c>%</c>, <c>/s</c>, or empty for a number.</param>
/// <param name="Average">The average of each point; NaN (null in JSON) where nothing is known.</param>
/// <param name="Maximum">The largest value of each point; NaN (null in JSON) where nothing is known.</param>
public sealed record HistorySeries(string Metric, string? Instance, string Unit, IReadOnlyList<double> Average, IReadOnlyList<double> Maximum);

/// <summary>The last value of a series.</summary>
/// <param name="Metric">What is measured.</param>
/// <param name="Instance">Which one of many; null for all of them together.</param>
/// <param name="Unit">Unit of the value: <c>ms</c>, <c>%</c>, <c>/s</c>, or empty for a number.</param>
/// <param name="Value">The value.</param>
public readonly record struct HistoryValue(string Metric, string? Instance, string Unit, double Value);
