namespace Monitoring;

/// <summary>The last five minutes, and what is going on at this moment. Immutable.</summary>
public sealed record RealTimeMetrics : PerformanceSummary
{
    /// <summary>Nothing is going on.</summary>
    public RealTimeMetrics()
    {
    }

    internal RealTimeMetrics(PerformanceSummary summary)
        : base(summary)
    {
    }

    /// <summary>Requests and other operations that are under way.</summary>
    public long RequestsInFlight { get; init; }

    /// <summary>Workers that are at a task.</summary>
    public int BusyWorkers { get; init; }

    /// <summary>Workers that there are.</summary>
    public int Workers { get; init; }

    /// <summary>Busy share of the processors that the process may use, 0–100; null before the first sample, or where it cannot be told.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>Used share of the memory that the process may use, 0–100; null before the first sample, or where it cannot be told.</summary>
    public double? MemoryPercent { get; init; }
}
