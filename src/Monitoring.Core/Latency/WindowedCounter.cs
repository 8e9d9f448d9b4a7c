namespace Monitoring.Latency;

/// <summary>Counts events in a sliding window and since the start. Thread-safe, lock-free, allocates nothing.</summary>
public sealed class WindowedCounter(SliceClock clock)
{
    private readonly SliceClock _clock = clock;

    /// <summary>Adds to the count.</summary>
    public void Add(long count = 1) => throw new NotImplementedException();

    /// <summary>Events within the last <paramref name="window"/>.</summary>
    public long GetCount(TimeSpan window) => throw new NotImplementedException();

    /// <summary>Events since the start.</summary>
    public long TotalCount => throw new NotImplementedException();
}
