namespace Monitoring.Measurements;

/// <summary>What was measured under one name within a window. Immutable.</summary>
public sealed record MeasurementSummary
{
    /// <summary>Name of the metric.</summary>
    public required string Name { get; init; }

    /// <summary>How many values there were.</summary>
    public long Count { get; init; }

    /// <summary>The last value, whenever it was.</summary>
    public double Last { get; init; }

    /// <summary>When the last value came.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>Arithmetic mean; zero when there was no value in the window.</summary>
    public double Average { get; init; }

    /// <summary>The smallest; zero when there was no value in the window.</summary>
    public double Minimum { get; init; }

    /// <summary>The largest; zero when there was no value in the window.</summary>
    public double Maximum { get; init; }
}
