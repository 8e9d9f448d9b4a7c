using Monitoring.Latency;

namespace Monitoring.TaskQueues.Recording;

/// <summary>Counts what one priority of a queue does before its tasks run. Thread-safe; recording is lock-free and allocates nothing.</summary>
internal sealed class PrioritySeries(SliceClock clock)
{
    /// <summary>From enqueueing to the start.</summary>
    public LatencyRecorder Waits { get; } = new(clock);

    /// <summary>Tasks accepted.</summary>
    public WindowedCounter Enqueued { get; } = new(clock);

    /// <summary>Tasks refused because the queue was full or stopped.</summary>
    public WindowedCounter Rejected { get; } = new(clock);

    /// <summary>Tasks refused because one with the same key waits or runs.</summary>
    public WindowedCounter Duplicates { get; } = new(clock);

    /// <summary>Accepted tasks that were dropped for one of higher priority.</summary>
    public WindowedCounter Dropped { get; } = new(clock);

    /// <summary>Times that <see cref="IAdmission"/> admitted work.</summary>
    public WindowedCounter Admitted { get; } = new(clock);

    /// <summary>Times that <see cref="IAdmission"/> did not.</summary>
    public WindowedCounter Refused { get; } = new(clock);
}
