namespace Monitoring.Latency;

/// <summary>Records latencies into a sliding window. Thread-safe, lock-free, allocates nothing.</summary>
public sealed class LatencyRecorder(SliceClock clock)
{
    private readonly SliceClock _clock = clock;

    /// <summary>Records one latency.</summary>
    public void Record(TimeSpan elapsed) => throw new NotImplementedException();

    /// <summary>Records one latency in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public void RecordTicks(long stopwatchTicks) => throw new NotImplementedException();

    /// <summary>What was recorded within the last <paramref name="window"/>, to the second (to the minute beyond the last minutes).</summary>
    public LatencySnapshot GetSnapshot(TimeSpan window) => throw new NotImplementedException();

    /// <summary>Number of values recorded since the start.</summary>
    public long TotalCount => throw new NotImplementedException();
}
