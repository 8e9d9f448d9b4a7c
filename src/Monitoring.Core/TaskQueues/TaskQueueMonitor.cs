using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Backpressure;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues;

/// <summary>
/// What is known of the background queue: depth, waits, processing, workers. Thread-safe; recording is lock-free and
/// allocates nothing once a task type is known.
/// </summary>
public sealed class TaskQueueMonitor : IMetricSource
{
    private const int TypeLimit = 50;

    private static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(1);
    private static readonly TimeSpan CurrentWindow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestRateWindow = TimeSpan.FromSeconds(1);

    private readonly BackpressureOptions _backpressure;
    private readonly BackpressureDetector _detector;
    private readonly TimeProvider _timeProvider;
    private readonly double _ticksPerTimestamp;
    private readonly long _startedAt;
    private readonly SeriesTable<TaskTypeRecorder> _types;
    private readonly WorkerUtilization _utilization;
    private readonly LatencyRecorder _waits;
    private readonly WindowedCounter _enqueued;
    private readonly WindowedCounter _rejected;
    private readonly WindowedCounter _retried;
    private readonly WindowedCounter _timedOut;
    private readonly WindowedCounter _deadLettered;
    private readonly WindowedCounter _undone;

    private TaskTypeRecorder? _latest;

    // As many as there ever were attempts at the same time in loops that are not ours.
    private readonly ConcurrentBag<WorkerActivity> _idleGuests = [];

    /// <summary>Creates the monitor of one process's background work.</summary>
    /// <param name="clock">Closes the slices of everything recorded here.</param>
    /// <param name="backpressure">Thresholds of backpressure.</param>
    /// <param name="errors">Gets what a watched queue throws when it is asked for its depth.</param>
    public TaskQueueMonitor(SliceClock clock, BackpressureOptions backpressure, InternalErrors? errors = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(backpressure);
        _backpressure = backpressure;
        _timeProvider = clock.TimeProvider;
        _ticksPerTimestamp = (double)TimeSpan.TicksPerSecond / _timeProvider.TimestampFrequency;
        _startedAt = _timeProvider.GetTimestamp();
        _detector = new BackpressureDetector(backpressure, _timeProvider);
        _types = new SeriesTable<TaskTypeRecorder>(TypeLimit, name => new TaskTypeRecorder(name, clock, this));
        _utilization = new WorkerUtilization(clock);
        _waits = new LatencyRecorder(clock);
        _enqueued = new WindowedCounter(clock);
        _rejected = new WindowedCounter(clock);
        _retried = new WindowedCounter(clock);
        _timedOut = new WindowedCounter(clock);
        _deadLettered = new WindowedCounter(clock);
        _undone = new WindowedCounter(clock);
        Queues = new WatchedQueues(_timeProvider, errors);
    }

    internal WatchedQueues Queues { get; }

    /// <summary>
    /// Records a measurement of a queue that is not ours: its depth and workers join those of the queues in this process
    /// until the next measurement of that name, for two minutes at most.
    /// </summary>
    /// <param name="metrics">The measurement; negative numbers in it are taken as they are.</param>
    public void Record(TaskQueueMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Queues.Measured(metrics);
        var type = _types.Get(metrics.Queue);
        foreach (var elapsed in metrics.ProcessingTimes)
        {
            type.Processing.Record(elapsed);
        }

        _enqueued.Add(metrics.Enqueued);
        type.NotCompleted.Add(metrics.ProcessingTimes.Count - metrics.Completed);
        type.Failed.Add(metrics.Failed);
    }

    /// <summary>Everything known about the last <paramref name="window"/>; an hour by default.</summary>
    /// <param name="window">To the second up to a minute, to the minute beyond; an hour at most.</param>
    public TaskQueueSummary GetSummary(TimeSpan? window = null)
    {
        var span = window ?? DefaultWindow;
        var state = Queues.Read();
        var types = _types.All;
        var snapshots = Array.ConvertAll(types, type => type.Processing.GetSnapshot(span));
        var processing = LatencySnapshot.Merge(snapshots);
        var waits = _waits.GetSnapshot(span);
        var summaries = types.Zip(snapshots, (type, snapshot) => type.ToSummary(span, snapshot)).OrderByDescending(static type => type.Completed + type.Failed).ToArray();
        return new TaskQueueSummary
        {
            Window = span,
            CurrentDepth = state.Depth.Total,
            DepthByPriority = state.Depth,
            Capacity = state.Capacity,
            AwaitingRetry = state.AwaitingRetry,
            Workers = state.Workers,
            BusyWorkers = _utilization.CountBusy() + state.BusyElsewhere,
            CurrentWorkerUtilizationPercent = _utilization.GetPercent(CurrentWindow) ?? 0,
            WorkerUtilizationPercent = _utilization.GetPercent(span) ?? 0,
            AverageProcessingTime = processing.Average,
            P50ProcessingTime = processing.P50,
            P95ProcessingTime = processing.P95,
            P99ProcessingTime = processing.P99,
            MaximumProcessingTime = processing.Maximum,
            AverageWait = waits.Average,
            WaitP50 = waits.P50,
            WaitP95 = waits.P95,
            WaitP99 = waits.P99,
            WaitMaximum = waits.Maximum,
            OldestTaskAge = state.Depth.OldestAge ?? TimeSpan.Zero,
            Enqueued = _enqueued.GetCount(span),
            Rejected = _rejected.GetCount(span),
            Completed = summaries.Sum(static type => type.Completed),
            Failed = summaries.Sum(static type => type.Failed),
            Retried = _retried.GetCount(span),
            TimedOut = _timedOut.GetCount(span),
            DeadLettered = _deadLettered.GetCount(span),
            Undone = _undone.GetCount(span),
            Types = summaries,
            TypeOverflow = _types.Overflowed,
            Backpressure = _detector.Current,
        };
    }

    /// <summary>Integrates utilisation and feeds the backpressure detector; called by the monitor's loop about once a second.</summary>
    public void Tick()
    {
        var state = Queues.Read();
        _utilization.Integrate(state.Workers, state.BusyElsewhere);
        if (state.IsWatching || _detector.Current.IsDetected)
        {
            _detector.Evaluate(GetSignals(in state));
        }
    }

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
        var state = Queues.Read();
        if (!state.IsWatching)
        {
            return;
        }

        readings.Add(new MetricReading(MetricNames.TaskQueueDepth, state.Depth.Total)
        {
            Limit = state.Capacity > 0 ? state.Capacity : null,
            Context = GetContext,
        });
        var processing = GetProcessing(window);
        if (_utilization.GetPercent(window) is { } utilization)
        {
            readings.Add(new MetricReading(MetricNames.WorkerUtilization, utilization, Count: processing.Count) { Limit = 100, Context = GetContext });
        }

        readings.Add(new MetricReading(MetricNames.TaskProcessingTime, processing.P95.TotalMilliseconds, Count: processing.Count) { Context = GetContext });
        readings.Add(new MetricReading(MetricNames.Backpressure, (int)_detector.Current.Level) { Context = GetContext });
    }

    /// <summary>A timestamp that is never zero, which stands for "not yet".</summary>
    internal long GetTimestamp()
    {
        var timestamp = _timeProvider.GetTimestamp();
        return timestamp == 0 ? 1 : timestamp;
    }

    internal void OnEnqueued() => _enqueued.Add();

    internal void OnRejected() => _rejected.Add();

    /// <summary>The counters of a task's type: those found when it was enqueued, or else looked up.</summary>
    internal TaskTypeRecorder RecorderOf(BackgroundTask task) =>
        task.Recorder is { } recorder && recorder.Monitor == this ? recorder : FindRecorder(task.TypeName);

    /// <summary>Time between two timestamps; the provider's own method divides on every call.</summary>
    internal TimeSpan GetElapsed(long from, long to) => new((long)((to - from) * _ticksPerTimestamp));

    internal void OnDequeued(BackgroundTask task, long now)
    {
        if (task.EnqueuedTimestamp != 0)
        {
            _waits.Record(GetElapsed(task.EnqueuedTimestamp, now));
        }
    }

    /// <summary>An attempt ended well: the task is done.</summary>
    internal void OnCompleted(BackgroundTask task, TimeSpan elapsed)
    {
        RecorderOf(task).Processing.Record(elapsed);
    }

    /// <summary>An attempt failed and another one follows.</summary>
    internal void OnRetried(BackgroundTask task, TimeSpan elapsed, bool timedOut)
    {
        var type = RecorderOf(task);
        type.Processing.Record(elapsed);
        type.NotCompleted.Add();
        _retried.Add();
        _timedOut.Add(timedOut ? 1 : 0);
    }

    /// <summary>An attempt failed and the task is given up.</summary>
    internal void OnFailed(BackgroundTask task, TimeSpan elapsed, bool timedOut, bool deadLettered)
    {
        var type = RecorderOf(task);
        type.Processing.Record(elapsed);
        type.NotCompleted.Add();
        type.Failed.Add();
        _timedOut.Add(timedOut ? 1 : 0);
        _deadLettered.Add(deadLettered ? 1 : 0);
    }

    internal void OnUndone(long count = 1) => _undone.Add(count);

    internal void AddWorkers(WorkerPool pool)
    {
        _utilization.Add(pool.Activities);
        Queues.Add(pool);
    }

    internal void RemoveWorkers(WorkerPool pool)
    {
        Queues.Remove(pool);
        _utilization.Remove(pool.Activities);
    }

    /// <summary>Runs an attempt for a loop that is not ours.</summary>
    internal async ValueTask MeasureAsync(BackgroundTask task, IServiceScopeFactory scopes, CancellationToken cancellationToken)
    {
        var activity = RentGuest();
        var started = GetTimestamp();
        activity.Start(started);
        try
        {
            await task.InvokeAsync(scopes, maxAttempts: 1, cancellationToken).ConfigureAwait(false);
            OnCompleted(task, GetElapsed(started, GetTimestamp()));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            OnUndone();
            throw;
        }
        catch (Exception)
        {
            OnFailed(task, GetElapsed(started, GetTimestamp()), timedOut: false, deadLettered: false);
            throw;
        }
        finally
        {
            activity.Stop(GetTimestamp());
            _idleGuests.Add(activity);
        }
    }

    /// <summary>How long it takes to free a tenth of the places at the current rate, 1 s to 1 min; 5 s while nothing is known.</summary>
    internal TimeSpan EstimateRetryAfter()
    {
        var rate = _detector.Current.CompletionRatePerSecond;
        var seconds = rate > 0 ? Queues.Read().Capacity / 10.0 / rate : 5;
        return TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(seconds), 1, 60));
    }

    private TaskTypeRecorder FindRecorder(string typeName)
    {
        // Mostly it is the one of the task before. Any thread may replace it; whatever is read is checked by its name.
        var latest = Volatile.Read(ref _latest);
        if (latest is null || !ReferenceEquals(latest.Name, typeName))
        {
            latest = _types.Get(typeName);
            Volatile.Write(ref _latest, latest);
        }

        return latest;
    }

    private WorkerActivity RentGuest()
    {
        if (_idleGuests.TryTake(out var activity))
        {
            return activity;
        }

        activity = new WorkerActivity();
        _utilization.Add([activity]);
        return activity;
    }

    private LatencySnapshot GetProcessing(TimeSpan window) =>
        LatencySnapshot.Merge(_types.All.Select(type => type.Processing.GetSnapshot(window)));

    private BackpressureSignals GetSignals(in QueueState state)
    {
        var window = _backpressure.Window;
        var running = _timeProvider.GetElapsedTime(_startedAt);
        var covered = running < window ? running : window;
        var seconds = Math.Max(covered.TotalSeconds, ShortestRateWindow.TotalSeconds);
        var types = _types.All;
        var snapshots = Array.ConvertAll(types, type => type.Processing.GetSnapshot(window));
        var processing = LatencySnapshot.Merge(snapshots);
        var finished = types.Zip(snapshots, (type, snapshot) => type.CountCompleted(window, snapshot) + type.Failed.GetCount(window)).Sum();
        return new BackpressureSignals
        {
            Depth = state.Depth.Total,
            Capacity = state.Capacity,

            // Of a window that has not passed yet it says nothing: one busy second would look like a busy window.
            UtilizationPercent = running < window ? null : _utilization.GetPercent(window),
            AverageProcessingTime = processing.Average,
            Attempts = processing.Count,
            TaskTimeout = state.TaskTimeout,
            ArrivalRate = _enqueued.GetCount(window) / seconds,
            RetryRate = _retried.GetCount(window) / seconds,
            CompletionRate = finished / seconds,
        };
    }

    private Dictionary<string, string> GetContext()
    {
        var state = Queues.Read();
        var status = _detector.Current;
        return new Dictionary<string, string>
        {
            ["depth"] = Text($"{state.Depth.Total} (high {state.Depth.High}, normal {state.Depth.Normal}, low {state.Depth.Low})"),
            ["capacity"] = Text($"{state.Capacity}"),
            ["oldestTaskAge"] = Text($"{state.Depth.OldestAge ?? TimeSpan.Zero:c}"),
            ["workers"] = Text($"{_utilization.CountBusy() + state.BusyElsewhere} of {state.Workers} busy"),
            ["rates"] = Text($"{status.ArrivalRatePerSecond:0.##} arrive, {status.CompletionRatePerSecond:0.##} complete per second"),
            ["requiredWorkers"] = Text($"{status.RequiredWorkers}"),
            ["backpressure"] = status.IsDetected ? string.Join(' ', status.Reasons) : "none",
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
