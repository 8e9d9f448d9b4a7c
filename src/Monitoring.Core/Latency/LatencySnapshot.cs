namespace Monitoring.Latency;

/// <summary>An immutable view of recorded latencies over one window. Safe to share between threads.</summary>
public sealed class LatencySnapshot
{
    /// <summary>The snapshot of an empty window: zeros everywhere.</summary>
    public static LatencySnapshot Empty { get; } = new();

    /// <summary>Number of recorded values.</summary>
    public long Count { get; internal init; }

    /// <summary>Arithmetic mean; zero when empty.</summary>
    public TimeSpan Average { get; internal init; }

    /// <summary>Smallest recorded value; zero when empty.</summary>
    public TimeSpan Minimum { get; internal init; }

    /// <summary>Largest recorded value; zero when empty.</summary>
    public TimeSpan Maximum { get; internal init; }

    /// <summary>Median.</summary>
    public TimeSpan P50 => GetPercentile(50);

    /// <summary>95th percentile.</summary>
    public TimeSpan P95 => GetPercentile(95);

    /// <summary>99th percentile.</summary>
    public TimeSpan P99 => GetPercentile(99);

    /// <summary>The latency below which <paramref name="percentile"/> % (0–100) of the values lie.</summary>
    public TimeSpan GetPercentile(double percentile) => throw new NotImplementedException();

    /// <summary>Share of values at or below <paramref name="limit"/>, 0–100; zero when empty.</summary>
    public double GetPercentWithin(TimeSpan limit) => throw new NotImplementedException();
}
