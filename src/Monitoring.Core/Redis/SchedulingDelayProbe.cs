using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// How long this process takes to run what is due: a work item is queued to the thread pool at an interval, and the time
/// until it runs is recorded. Ticks come from one thread; the rest is thread-safe.
/// </summary>
/// <remarks>
/// One item is under way at a time. A tick that finds it still waiting records how long it has waited so far: the ages
/// i, 2i, … of an item that waits for e are the delays e − i, e − 2i, … that items of those ticks would have had, in the
/// other order. So the mean is that over time, and a starved pool shows before it has run the item (HdrHistogram's
/// recordValueWithExpectedInterval does the same afterwards). Ten times a second it costs one work item and two
/// recordings, less than 10 µs: 0.01 % of one processor.
/// </remarks>
internal sealed class SchedulingDelayProbe(SliceClock clock, Action<IThreadPoolWorkItem> queue) : IThreadPoolWorkItem
{
    /// <summary>The interval of the ticks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // A timer is late by that much on a machine that has nothing else to do; Windows' ticks are 15.6 ms.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(OperatingSystem.IsWindows() ? 20 : 5);

    private readonly LatencyRecorder _delays = new(clock);
    private readonly LatencyRecorder _pauses = new(clock);
    private long _queued;
    private int _waiting;

    public SchedulingDelayProbe(SliceClock clock)
        : this(clock, static item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false))
    {
    }

    /// <summary>Called by a thread that wanted to run at <paramref name="due"/>, by the clock's timestamps.</summary>
    public void Tick(long due)
    {
        var late = clock.TimeProvider.GetElapsedTime(due);
        var paused = late > Slack;
        _pauses.Record(paused ? late : TimeSpan.Zero);
        if (Volatile.Read(ref _waiting) != 0)
        {
            _delays.Record(clock.TimeProvider.GetElapsedTime(_queued));
            return;
        }

        _queued = paused ? due : clock.TimeProvider.GetTimestamp();
        Volatile.Write(ref _waiting, 1);
        queue(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        _delays.Record(clock.TimeProvider.GetElapsedTime(_queued));
        Volatile.Write(ref _waiting, 0);
    }

    /// <summary>Mean delay within the window, pauses included; null when nothing was measured.</summary>
    public TimeSpan? GetDelay(TimeSpan window) => Mean(_delays, window);

    /// <summary>
    /// Mean time within the window that the whole process was late, whether of the thread pool or not: a saturated or
    /// throttled processor, a garbage collection. Zero when nothing was measured.
    /// </summary>
    public TimeSpan GetPause(TimeSpan window) => Mean(_pauses, window) ?? TimeSpan.Zero;

    private static TimeSpan? Mean(LatencyRecorder recorder, TimeSpan window) =>
        recorder.GetSnapshot(window) is { Count: > 0 } values ? values.Average : null;
}
