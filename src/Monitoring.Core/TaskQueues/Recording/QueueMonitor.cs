using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Backpressure;
using Monitoring.Latency;
using Monitoring.TaskQueues.Processing;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues.Recording;

/// <summary>
/// What is known of one queue and its workers. Thread-safe; recording is lock-free and allocates nothing once a task type is
/// known. <see cref="Tick"/> is called by one loop.
/// </summary>
internal sealed class QueueMonitor
{
    public const int Priorities = 3;

    private const int TypeLimit = 50;

    private static readonly TimeSpan CurrentWindow = TimeSpan.FromSeconds(10);

    private readonly Func<BackpressureOptions> _backpressure;
    private readonly BackpressureDetector _detector;
    private readonly QueueSignals _signals;
    private readonly TimeProvider _timeProvider;
    private readonly double _ticksPerTimestamp;
    private readonly SeriesTable<TaskTypeRecorder> _types;
    private readonly WorkerUtilization _utilization;
    private readonly PrioritySeries[] _priorities;
    private readonly WindowedCounter _retried;
    private readonly WindowedCounter _timedOut;
    private readonly WindowedCounter _deadLettered;
    private readonly WindowedCounter _undone;
    private readonly WindowedCounter _redelivered;

    // The series of the task before. Any thread may replace it; whatever is read is checked by name and priority.
    private TaskSeries? _latest;

    // As many as there ever were attempts at the same time in loops that are not ours.
    private readonly ConcurrentBag<WorkerActivity> _idleGuests = [];

    private readonly TaskQueueTelemetry? _telemetry;

    public QueueMonitor(string name, SliceClock clock, Func<BackpressureOptions> backpressure, InternalErrors? errors, TaskQueueTelemetry? telemetry = null)
    {
        Name = name;
        _telemetry = telemetry;
        _backpressure = backpressure;
        _timeProvider = clock.TimeProvider;
        _ticksPerTimestamp = (double)TimeSpan.TicksPerSecond / _timeProvider.TimestampFrequency;
        _detector = new BackpressureDetector(_timeProvider);
        _types = new SeriesTable<TaskTypeRecorder>(TypeLimit, type => new TaskTypeRecorder(type, clock, this));
        _utilization = new WorkerUtilization(clock);
        _priorities = [new PrioritySeries(clock), new PrioritySeries(clock), new PrioritySeries(clock)];
        _retried = new WindowedCounter(clock);
        _timedOut = new WindowedCounter(clock);
        _deadLettered = new WindowedCounter(clock);
        _undone = new WindowedCounter(clock);
        _redelivered = new WindowedCounter(clock);
        _signals = new QueueSignals(clock, _types, _priorities, _retried, _redelivered, _utilization);
        Watched = new WatchedQueues(_timeProvider, errors);
    }

    public string Name { get; }

    /// <summary>Where slow attempts are logged; null for nowhere.</summary>
    public SlowOperationLog? SlowLog { get; init; }

    /// <summary>Who is asked for depth and workers.</summary>
    public WatchedQueues Watched { get; }

    public BackpressureStatus Backpressure => _detector.Current;

    /// <summary>Busy share of the workers' time over the last 10 s, 0–100; null without workers.</summary>
    public double? CurrentUtilizationPercent => _utilization.GetPercent(CurrentWindow);

    /// <summary>Busy share of the workers' time over a window, 0–100; null where nobody knows it.</summary>
    public double? GetUtilizationPercent(TimeSpan window) => _utilization.GetPercent(window);

    public int CountBusy() => _utilization.CountBusy() + Watched.Read().BusyElsewhere;

    public int CountRunning() => _utilization.CountBusy() + Watched.Read().RunningElsewhere;

    /// <summary>What was counted since the start.</summary>
    public QueueTotals GetTotals()
    {
        var types = _types.All;
        var priorities = _priorities.Select((series, priority) =>
        {
            var settled = Array.ConvertAll(types, type => type.GetTotals((TaskPriority)priority));
            return new PriorityTotals(
                series.Enqueued.TotalCount, series.Rejected.TotalCount, series.Duplicates.TotalCount, series.Dropped.TotalCount,
                settled.Sum(static type => type.Completed), settled.Sum(static type => type.Failed));
        });
        var attempts = types.Select(static type => type.GetAttempts()).Aggregate(default(LatencyTotals), static (sum, part) => sum + part);
        var waits = _priorities.Select(static series => series.Waits.GetTotals()).Aggregate(default(LatencyTotals), static (sum, part) => sum + part);
        return new QueueTotals([.. priorities], attempts, waits, _retried.TotalCount, _timedOut.TotalCount, _redelivered.TotalCount, _undone.TotalCount);
    }

    public void Record(TaskQueueMetrics metrics)
    {
        Watched.Measured(metrics);
        var series = _types.Get(metrics.Queue).Of(TaskPriority.Normal);
        series.NotCompleted.Add(metrics.ProcessingTimes.Count - (metrics.Completed ?? 0));
        foreach (var elapsed in metrics.ProcessingTimes)
        {
            series.Processing.Record(elapsed);
        }

        _priorities[(int)TaskPriority.Normal].Enqueued.Add(metrics.Enqueued ?? 0);
        series.Failed.Add(metrics.Failed ?? 0);
    }

    /// <summary>Everything of the last <paramref name="window"/>; null for a queue that nobody watches and that has done nothing.</summary>
    public QueueSnapshot? GetSnapshot(TimeSpan window)
    {
        var state = Watched.Read();
        var types = Array.ConvertAll(_types.All, type => (type.Name, Series: type.GetSnapshots(window), Failures: type.GetFailures()));
        var priorities = Array.ConvertAll(_priorities, series => new PrioritySnapshot(
            series.Waits.GetSnapshot(window), series.Enqueued.GetCount(window), series.Rejected.GetCount(window),
            series.Duplicates.GetCount(window), series.Dropped.GetCount(window),
            series.Admitted.GetCount(window), series.Refused.GetCount(window)));
        if (!state.IsWatching && types.Length == 0 && priorities.All(static priority => priority.Enqueued + priority.Rejected == 0))
        {
            return null;
        }

        return new QueueSnapshot
        {
            Name = Name,
            State = state,
            Types = types,
            Priorities = priorities,
            Busy = _utilization.CountBusy() + state.BusyElsewhere,
            CurrentUtilization = _utilization.GetIntegrals(CurrentWindow),
            Utilization = _utilization.GetIntegrals(window),
            Retried = _retried.GetCount(window),
            TimedOut = _timedOut.GetCount(window),
            DeadLettered = _deadLettered.GetCount(window),
            Undone = _undone.GetCount(window),
            Redelivered = _redelivered.GetCount(window),
            TypeOverflow = _types.Overflowed,
            Backpressure = _detector.Current,
        };
    }

    /// <summary>Integrates utilisation and feeds the backpressure detector; called by the monitor's loop about once a second.</summary>
    public void Tick()
    {
        var state = Watched.Read();
        _utilization.Integrate(state.ObservedWorkers, state.BusyElsewhere);
        if (state.IsWatching || _detector.Current.IsDetected)
        {
            var options = _backpressure();
            _detector.Evaluate(_signals.Read(in state, _utilization.CountBusy() + state.BusyElsewhere, options), options);
        }
    }

    /// <inheritdoc cref="IMetricSource.Collect"/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        var state = Watched.Read();
        if (!state.IsWatching)
        {
            return;
        }

        var instance = Name == TaskQueueMonitor.DefaultQueue ? null : Name;
        readings.Add(new MetricReading(MetricNames.TaskQueueDepth, state.Depth.Total, instance)
        {
            Limit = state.Capacity > 0 ? state.Capacity : null,
            Context = GetContext,
        });
        var processing = LatencySnapshot.Merge(GetAttempts(window).Select(static series => series.Processing));
        if (_utilization.GetPercent(window) is { } utilization)
        {
            readings.Add(new MetricReading(MetricNames.WorkerUtilization, utilization, instance, processing.Count) { Limit = 100, Context = GetContext });
        }

        readings.Add(new MetricReading(MetricNames.TaskProcessingTime, processing.P95.TotalMilliseconds, instance, processing.Count) { Context = GetContext });
        readings.Add(new MetricReading(MetricNames.TaskQueueOldestAge, (state.Depth.OldestAge ?? TimeSpan.Zero).TotalMilliseconds, instance) { Context = GetContext });
        var status = _detector.Current;
        readings.Add(new MetricReading(MetricNames.Backpressure, (int)status.Level, instance)
        {
            Context = GetContext,
            Text = status.Reasons.Count > 0 ? status.Reasons[0] : null,
        });
    }

    /// <summary>A timestamp that is never zero, which stands for "not yet".</summary>
    public long GetTimestamp()
    {
        var timestamp = _timeProvider.GetTimestamp();
        return timestamp == 0 ? 1 : timestamp;
    }

    public void OnEnqueued(TaskPriority priority, EnqueueOutcome outcome)
    {
        var series = _priorities[(int)priority];
        (outcome == EnqueueOutcome.Duplicate ? series.Duplicates : series.Enqueued).Add();
    }

    public void OnRejected(TaskPriority priority) => _priorities[(int)priority].Rejected.Add();

    /// <summary>The queue dropped a task that it had accepted.</summary>
    public void OnDropped(TaskPriority priority) => _priorities[(int)priority].Dropped.Add();

    /// <summary>Somebody asked whether to bring work.</summary>
    public void OnAdmission(TaskPriority priority, bool isAdmitted)
    {
        var series = _priorities[(int)priority];
        (isAdmitted ? series.Admitted : series.Refused).Add();
    }

    /// <summary>A task was delivered that had been given to a worker before, which did not say what became of it.</summary>
    public void OnRedelivered() => _redelivered.Add();

    /// <summary>The counters of a task's type and priority: those found when it was enqueued, or else looked up.</summary>
    public TaskSeries SeriesOf(BackgroundTask task) =>
        task.Recorder is { } series && series.Type.Queue == this ? series : FindSeries(task);

    /// <summary>Time between two timestamps; the provider's own method divides on every call.</summary>
    public TimeSpan GetElapsed(long from, long to) => new((long)((to - from) * _ticksPerTimestamp));

    public void OnDequeued(BackgroundTask task, long now)
    {
        if (task.EnqueuedTimestamp != 0)
        {
            var wait = GetElapsed(task.EnqueuedTimestamp, now);
            _priorities[(int)task.Priority].Waits.Record(wait);
            _telemetry?.Waited(this, task, wait);
        }
    }

    /// <summary>An attempt ended well: the task is done.</summary>
    public void OnCompleted(BackgroundTask task, TimeSpan elapsed)
    {
        SeriesOf(task).Processing.Record(elapsed);
        _telemetry?.Attempted(this, task, elapsed);
        LogIfSlow(task, elapsed, timedOut: false, "completed");
    }

    /// <summary>An attempt failed and another one follows.</summary>
    public void OnRetried(BackgroundTask task, TimeSpan elapsed, bool timedOut, Exception? error = null)
    {
        _telemetry?.Attempted(this, task, elapsed, error);
        var series = SeriesOf(task);
        series.NotCompleted.Add();
        series.Processing.Record(elapsed);
        _retried.Add();
        _timedOut.Add(timedOut ? 1 : 0);
        LogIfSlow(task, elapsed, timedOut, timedOut ? "timed out, is tried again" : "failed, is tried again");
    }

    /// <summary>An attempt failed and the task is given up.</summary>
    public void OnFailed(BackgroundTask task, TimeSpan elapsed, bool timedOut, bool deadLettered, Exception? error = null)
    {
        _telemetry?.Attempted(this, task, elapsed, error);
        var series = SeriesOf(task);
        series.NotCompleted.Add();
        series.Processing.Record(elapsed);
        series.Failed.Add();
        _timedOut.Add(timedOut ? 1 : 0);
        _deadLettered.Add(deadLettered ? 1 : 0);
        LogIfSlow(task, elapsed, timedOut, timedOut ? "timed out, given up" : "failed, given up");
    }

    /// <summary>The queue itself gave a task up, without another attempt.</summary>
    public void OnGivenUp(string typeName, TaskPriority priority)
    {
        _types.Get(typeName).Of(priority).Failed.Add();
        _deadLettered.Add();
    }

    /// <summary>Keeps what an attempt failed with; it is counted by <see cref="OnRetried"/> or <see cref="OnFailed"/>. Never throws.</summary>
    public void OnFailure(BackgroundTask task, Exception error, bool timedOut, bool withStackTrace)
    {
        var text = ExceptionText.Of(error);
        SeriesOf(task).Type.Add(new TaskFailure
        {
            At = _timeProvider.GetUtcNow(),
            TaskId = task.Id,
            Attempt = task.Attempt,
            TimedOut = timedOut,
            ExceptionType = text.Type,
            Message = text.Message,
            StackTrace = withStackTrace ? ExceptionText.StackTraceOf(error) : null,
        });
    }

    public void OnUndone(long count = 1) => _undone.Add(count);

    public void AddWorkers(WorkerPool pool)
    {
        _utilization.Add(pool);
        Watched.Add(pool);
    }

    public void RemoveWorkers(WorkerPool pool)
    {
        Watched.Remove(pool);
        _utilization.Remove(pool);
    }

    /// <summary>Runs an attempt for a loop that is not ours.</summary>
    public async ValueTask MeasureAsync(BackgroundTask task, IServiceScopeFactory scopes, CancellationToken cancellationToken)
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
        catch (Exception error)
        {
            OnFailure(task, error, timedOut: false, withStackTrace: false);
            OnFailed(task, GetElapsed(started, GetTimestamp()), timedOut: false, deadLettered: false, error);
            throw;
        }
        finally
        {
            activity.Stop(GetTimestamp());
            _idleGuests.Add(activity);
        }
    }

    /// <summary>How long it takes to free a tenth of the places at the current rate, 1 s to 1 min; 5 s while nothing is known.</summary>
    public TimeSpan EstimateRetryAfter()
    {
        var rate = _detector.Current.CompletionRatePerSecond;
        var seconds = rate > 0 ? Watched.Read().Capacity / 10.0 / rate : 5;
        return TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(seconds), 1, 60));
    }

    /// <summary>When somebody whose work was not admitted may come back.</summary>
    public TimeSpan EstimateAdmission() => QueueAdmission.EstimateRetryAfter(_detector.Current, Watched.Read().Depth.Total, _backpressure().ClearAfter);

    private TaskSeries FindSeries(BackgroundTask task)
    {
        var latest = Volatile.Read(ref _latest);
        if (latest is null || !ReferenceEquals(latest.Type.Name, task.TypeName) || latest.Priority != task.Priority)
        {
            latest = _types.Get(task.TypeName).Of(task.Priority);
            Volatile.Write(ref _latest, latest);
        }

        return latest;
    }

    /// <summary>The activity of a worker that is not ours.</summary>
    internal WorkerActivity RentGuest()
    {
        if (_idleGuests.TryTake(out var activity))
        {
            return activity;
        }

        activity = new WorkerActivity();
        _utilization.Add(activity);
        return activity;
    }

    private void LogIfSlow(BackgroundTask task, TimeSpan elapsed, bool timedOut, string outcome)
    {
        if (SlowLog is { } log && (timedOut || elapsed >= log.TaskThreshold) && log.Admits(SlowOperationKind.Task))
        {
            log.Write(new SlowOperationEvent(SlowOperationKind.Task, task.TypeName, elapsed, log.TaskThreshold, outcome)
            {
                Source = Name,
                Detail = Text($"task {task.Id}, priority {task.Priority}, attempt {task.Attempt}"),
            });
        }
    }

    private TaskSeriesSnapshot[] GetAttempts(TimeSpan window) =>
        [.. _types.All.SelectMany(type => type.GetSnapshots(window)).OfType<TaskSeriesSnapshot>()];

    private Dictionary<string, string> GetContext()
    {
        var state = Watched.Read();
        var status = _detector.Current;
        return new Dictionary<string, string>
        {
            ["depth"] = Text($"{state.Depth.Total} (high {state.Depth.High}, normal {state.Depth.Normal}, low {state.Depth.Low})"),
            ["capacity"] = state.Capacity > 0 ? Text($"{state.Capacity}") : "not bounded",
            ["oldestTaskAge"] = state.Depth.OldestAge is null && state.Depth.Total > 0 ? "unknown" : Text($"{state.Depth.OldestAge ?? TimeSpan.Zero:c}"),
            ["workers"] = state.WorkersKnown ? Text($"{_utilization.CountBusy() + state.BusyElsewhere} of {state.Workers} busy") : "unknown",
            ["rates"] = Text($"{status.ArrivalRatePerSecond:0.##} arrive, {status.CompletionRatePerSecond:0.##} complete per second"),
            ["requiredWorkers"] = Text($"{status.RequiredWorkers}"),
            ["backpressure"] = status.IsDetected ? string.Join(' ', status.Reasons) : "none",
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
