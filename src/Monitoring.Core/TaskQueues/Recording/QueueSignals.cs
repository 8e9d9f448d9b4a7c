using Monitoring.Backpressure;
using Monitoring.Latency;

namespace Monitoring.TaskQueues.Recording;

/// <summary>
/// Reads from a queue's counters what the backpressure detector looks at, and keeps what one reading alone does not tell: how
/// the depth moved, and since when nothing has gone on. Used by one loop, about once a second.
/// </summary>
internal sealed class QueueSignals(
    SliceClock clock, SeriesTable<TaskTypeRecorder> types, PrioritySeries[] priorities, WindowedCounter retried, WindowedCounter redelivered, WorkerUtilization utilization)
{
    private static readonly TimeSpan ShortestRateWindow = TimeSpan.FromSeconds(1);

    // Longer than a late turn of the loop, so that nothing slips through between two turns.
    private static readonly TimeSpan RecentWindow = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ServiceTimeWindow = TimeSpan.FromMinutes(10);
    private static readonly string[] LaneNames = ["high", "normal", "low"];

    private readonly TimeProvider _timeProvider = clock.TimeProvider;
    private readonly long _startedAt = clock.TimeProvider.GetTimestamp();
    private readonly Queue<(long At, int Depth)> _depths = new();
    private long? _standsSince;
    private int _lastDepth;
    private int _risen;
    private TaskQueueDepth _before;
    private QueueMeasurement? _measuredBefore;

    public BackpressureSignals Read(in QueueState state, int busy, BackpressureOptions options)
    {
        var window = options.Window;
        var now = _timeProvider.GetTimestamp();
        var running = _timeProvider.GetElapsedTime(_startedAt, now);
        var covered = clock.GetCovered(window);
        var seconds = Math.Max((running < covered ? running : covered).TotalSeconds, ShortestRateWindow.TotalSeconds);
        var attempts = GetAttempts(window);
        var recently = GetAttempts(RecentWindow);
        var waits = Array.ConvertAll(priorities, series => series.Waits.GetSnapshot(window));
        var starts = waits.Sum(static snapshot => snapshot.Count);
        var accepted = priorities.Sum(series => series.Enqueued.GetCount(window));
        var rejected = priorities.Sum(series => series.Rejected.GetCount(window));
        var completed = attempts.Completed + attempts.Failed;
        if (state.Measured is { Over: { } over, Metrics: var metrics })
        {
            // Counts come with a measurement, all at once: a window shorter than the time between two would show none, or all.
            seconds = over.TotalSeconds;
            accepted = metrics.Enqueued ?? 0;
            completed = (metrics.Completed ?? 0) + (metrics.Failed ?? 0);
        }

        var ratesKnown = state.ArrivalsKnown && state.CompletionsKnown;
        return new BackpressureSignals
        {
            Depth = state.Depth.Total,
            Growth = GetGrowth(state.Depth.Total, window, now),
            Capacity = state.Capacity,
            IsPaused = state.IsPaused,
            Workers = state.WorkersKnown || state.KnowsItsWorkers ? state.Workers : null,
            Busy = busy,

            // Of a window that has not passed yet it says nothing: one busy second would look like a busy window.
            UtilizationPercent = running < window ? null : utilization.GetPercent(window),
            AverageProcessingTime = attempts.Processing.Average,
            Attempts = attempts.Processing.Count,
            ServiceTime = GetAttempts(ServiceTimeWindow).Processing.Average,
            TaskTimeout = state.TaskTimeout,
            ArrivalRate = accepted / seconds,
            RejectionRate = rejected / seconds,
            RetryRate = retried.GetCount(window) / seconds,
            CompletionRate = completed / seconds,
            Arrivals = ratesKnown ? accepted + rejected : 0,
            Completions = ratesKnown ? completed : 0,
            Risen = CountRise(state.Depth.Total, state.Capacity),
            Window = window,
            Lanes = GetLanes(state.Depth, waits, state.IsHere && running >= window),
            Standstill = GetStandstill(in state, recently, now),
            SeesProgress = state.CompletionsKnown && !(state.Measured?.Over > options.NoProgressAfter),
            Deliveries = Math.Max(starts, attempts.Processing.Count),
            Redelivered = redelivered.GetCount(window),
        };
    }

    private static LaneSignals[] GetLanes(TaskQueueDepth depth, LatencySnapshot[] waits, bool seesSojourn)
    {
        if (depth.HighOldestAge is null && depth.NormalOldestAge is null && depth.LowOldestAge is null)
        {
            return [new LaneSignals(null, waits.Where(static lane => lane.Count > 0).Max(static lane => (TimeSpan?)lane.Minimum), depth.OldestAge, seesSojourn)];
        }

        var lanes = new LaneSignals[QueueMonitor.Priorities];
        for (var i = 0; i < lanes.Length; i++)
        {
            lanes[i] = new LaneSignals(LaneNames[i], waits[i].Count > 0 ? waits[i].Minimum : null, depth.OldestAgeOf((TaskPriority)i), seesSojourn);
        }

        return lanes;
    }

    private int CountRise(int depth, int capacity)
    {
        var isFull = capacity > 0 && depth >= capacity;
        _risen = depth < _lastDepth && !isFull ? 0 : depth > _lastDepth || isFull ? _risen + 1 : _risen;
        _lastDepth = depth;
        return _risen;
    }

    private int? GetGrowth(int depth, TimeSpan window, long now)
    {
        while (_depths.TryPeek(out var oldest) && _timeProvider.GetElapsedTime(oldest.At, now) > window)
        {
            _depths.Dequeue();
        }

        _depths.Enqueue((now, depth));
        return _depths.Count > 1 ? depth - _depths.Peek().Depth : null;
    }

    // A queue that others take from moves without a start that is seen here: its depth falls, or another task is the oldest.
    private TimeSpan? GetStandstill(in QueueState state, TaskSeriesSnapshot recently, long now)
    {
        var starts = priorities.Sum(static series => series.Waits.GetSnapshot(RecentWindow).Count);

        // The same measurement twice says the same age twice, and nothing of the task that it is of.
        var isNew = state.Measured is null || !ReferenceEquals(state.Measured, _measuredBefore);
        var goesOn = starts + recently.Processing.Count + recently.Completed + recently.Failed > 0
            || state.Depth.Total < _before.Total || (isNew && _before.OldestAge is { } before && !(state.Depth.OldestAge > before));
        _before = state.Depth;
        _measuredBefore = state.Measured;
        if (goesOn || state.Depth.Total == 0 || state.IsPaused)
        {
            _standsSince = null;
            return null;
        }

        _standsSince ??= now;
        return _timeProvider.GetElapsedTime(_standsSince.Value, now);
    }

    private TaskSeriesSnapshot GetAttempts(TimeSpan window) =>
        TaskSeriesSnapshot.Merge([.. types.All.SelectMany(type => type.GetSnapshots(window)).OfType<TaskSeriesSnapshot>()]);
}
