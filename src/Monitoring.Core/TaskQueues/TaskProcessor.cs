using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.TaskQueues.Processing;
using Monitoring.TaskQueues.Recording;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues;

/// <summary>
/// Runs the tasks of a queue on a number of workers: each attempt in a scope of its own where it needs services, limited
/// in time, repeated with exponential back-off when it fails.
/// </summary>
/// <remarks>
/// At stop the queue takes nothing new, and what it accepted is done within <see cref="TaskProcessorOptions.DrainTimeout"/>,
/// retries included as far as they fall due by then. The rest is cancelled and reported: accepted = completed + failed +
/// dropped + undone. This needs a <see cref="BoundedTaskQueue"/> that only this processor takes from. Of any other queue
/// nothing more is taken once the stop begins, what was taken has the same time, and what waits stays where it is.
/// </remarks>
public sealed class TaskProcessor : BackgroundService
{
    /// <summary>How long a cancelled task may take to notice, before it is left behind.</summary>
    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(1);

    private readonly Lock _reloading = new();
    private readonly TimeSpan _drainTimeout;
    private readonly TimeProvider _timeProvider;
    private readonly QueueMonitor? _monitor;
    private readonly InternalErrors _errors;
    private readonly IBackgroundTaskQueue _queue;
    private readonly ISettlingTaskQueue _settling;
    private readonly RetryingTaskQueue? _retrying;
    private readonly IDrainableTaskQueue? _drainable;
    private readonly LiveSettings _settings;
    private readonly TypeLimits _limits;
    private readonly WorkerPool _pool;
    private readonly TaskSettlement _settlement;
    private readonly WorkerCrew _crew;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _settledElsewhere;
    private bool _draining;
    private int _stopped;

    /// <summary>Creates a processor; the host, or <c>StartAsync</c>, starts it.</summary>
    /// <param name="queue">The queue, as returned by <c>WithMonitoring</c> when it is to be monitored.</param>
    /// <param name="options">Workers, timeout, retries. They are copied; <see cref="Reload"/> changes them.</param>
    /// <param name="scopes">Where scopes come from.</param>
    /// <param name="monitor">Gets what the workers do; null for none.</param>
    /// <param name="timeProvider">The system's by default.</param>
    /// <param name="logger">Gets failed attempts and tasks.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TaskProcessor(
        IBackgroundTaskQueue queue,
        TaskProcessorOptions options,
        IServiceScopeFactory scopes,
        IPerformanceMonitor? monitor = null,
        TimeProvider? timeProvider = null,
        ILogger<TaskProcessor>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(scopes);
        options.ThrowIfInvalid();
        _queue = queue;
        _drainTimeout = options.DrainTimeout;
        _monitor = MonitoredTaskQueue.MonitorOf(queue, monitor?.TaskQueue);
        _timeProvider = timeProvider ?? TimeProvider.System;
        var log = logger ?? (ILogger)NullLogger.Instance;
        _errors = new InternalErrors(log, _timeProvider);
        _settings = new LiveSettings(new ProcessorSettings(options));
        var source = MonitoredTaskQueue.SourceFor(_monitor, queue);
        var inner = MonitoredTaskQueue.InnerOf(queue);
        if (inner is ISettlingTaskQueue settling)
        {
            _settling = settling;
        }
        else
        {
            _retrying = new RetryingTaskQueue(
                _monitor?.Name ?? TaskQueueMonitor.DefaultQueue, source, TryGiveBack, options.DeadLetterCapacity, _timeProvider, () => _crew!.WakeAll(), OnHomeless);
            (_settling, source) = (_retrying, _retrying);
        }

        _drainable = _settling as IDrainableTaskQueue;
        var livesWithProcess = _drainable is not null;
        _limits = new TypeLimits(_timeProvider, TypeLimits.GetLanes(options, livesWithProcess), IsPaused, () => _crew!.WakeAll());
        _pool = new WorkerPool(_settings, GetDepth, _retrying);
        _settlement = new TaskSettlement(_settling, livesWithProcess, _monitor, _timeProvider, log, _errors);
        _crew = new WorkerCrew(
            _settings, _pool,
            crew => new TaskWorker(crew, source, _settlement, _limits, _settings, _monitor, scopes, _timeProvider, _errors, OnSettled),
            log, _errors);
        _limits.Reload(_settings.Current);
    }

    /// <summary>Accepted tasks that were not done when the processor stopped; empty before.</summary>
    public IReadOnlyList<BackgroundTask> UndoneTasks => _settlement.GetUndone();

    /// <summary>
    /// Takes over changed settings while tasks run: all but <see cref="TaskProcessorOptions.DrainTimeout"/> and
    /// <see cref="TaskProcessorOptions.DeadLetterCapacity"/>. Attempts that run keep their time limit; workers that are too
    /// many finish their task and leave; a limit of a type holds for the tasks that start from now on. Thread-safe.
    /// </summary>
    /// <param name="options">The settings as they are to be; copied.</param>
    /// <exception cref="ArgumentException">An option is out of its range. Nothing was changed.</exception>
    public void Reload(TaskProcessorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        var settings = new ProcessorSettings(options);
        lock (_reloading)
        {
            _settings.Current = settings;
            _limits.Reload(settings);
            _crew.Adjust();
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            await base.StopAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await DrainAsync(cancellationToken).ConfigureAwait(false);
        _crew.Stop();
        using var grace = new CancellationTokenSource(CancellationGrace, _timeProvider);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, grace.Token);
        await base.StopAsync(patience.Token).ConfigureAwait(false);
        await SettleTheRestAsync().ConfigureAwait(false);
        _monitor?.RemoveWorkers(_pool);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _retrying?.Dispose();
        _limits.Dispose();
        _crew.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host may be disposed without having been stopped.
        using var registration = stoppingToken.UnsafeRegister(static state => ((WorkerCrew)state!).Stop(), _crew);
        _crew.Start();
        _monitor?.AddWorkers(_pool);
        await _crew.Gone.ConfigureAwait(false);
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (ExecuteTask is null)
        {
            _drainable?.Stop();
            return;
        }

        if (_drainable is null)
        {
            // What waits stays in the queue, and what was taken and has not begun goes back to it.
            _settlement.BeginDrain(TimeSpan.Zero);
            _crew.Dismiss();
            await ReturnAsync(_limits.Close()).ConfigureAwait(false);
        }
        else
        {
            await BeginDrainAsync(_drainable).ConfigureAwait(false);
        }

        try
        {
            var done = _drainable is null ? _crew.Gone : _drained.Task;
            await done.WaitAsync(_drainTimeout, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // Reported with what is undone.
        }
    }

    private async Task BeginDrainAsync(IDrainableTaskQueue drainable)
    {
        drainable.Stop();
        if (IsPaused())
        {
            // Nothing more is to start: what waits would be waited for in vain.
            _settlement.BeginDrain(TimeSpan.Zero);
            await ReturnAsync(_limits.Close()).ConfigureAwait(false);
            await ReturnAsync(drainable.TakeRemaining()).ConfigureAwait(false);
        }
        else
        {
            _settlement.BeginDrain(_drainTimeout);
            await ReturnAsync(drainable.TakeLater(_drainTimeout)).ConfigureAwait(false);
        }

        Volatile.Write(ref _draining, true);

        // Workers write their count and then read the flag without a fence of their own; this is the fence for both sides.
        Interlocked.MemoryBarrierProcessWide();
        OnSettled();
        _crew.WakeAll();
    }

    private void OnSettled()
    {
        if (Volatile.Read(ref _draining) && _drainable!.AcceptedCount <= _crew.GetSettled() + Volatile.Read(ref _settledElsewhere))
        {
            _drained.TrySetResult();
        }
    }

    private async Task SettleTheRestAsync()
    {
        // In this order: those who still run are given up, the other workers leave within a moment, and then nothing moves
        // any more while the rest is counted.
        var (abandoned, others) = _crew.Abandon();
        foreach (var task in abandoned)
        {
            await _settlement.AbandonAsync(task).ConfigureAwait(false);
        }

        try
        {
            await others.WaitAsync(CancellationGrace, _timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A queue that does not answer; its task is settled when it does.
        }

        await ReturnAsync(_limits.Close()).ConfigureAwait(false);
        await ReturnAsync(_drainable?.TakeRemaining() ?? []).ConfigureAwait(false);
        _settlement.LogStop();
    }

    private async Task ReturnAsync(IReadOnlyList<BackgroundTask> tasks)
    {
        foreach (var task in tasks)
        {
            await _settlement.ReturnAsync(task).ConfigureAwait(false);
            Interlocked.Increment(ref _settledElsewhere);
        }
    }

    private bool IsPaused()
    {
        try
        {
            return _settling is IManagedTaskQueue { IsPaused: true };
        }
        catch (Exception exception)
        {
            _errors.Report("task-queue.paused", exception);
            return false;
        }
    }

    private TaskQueueDepth GetDepth() => TaskQueueDepth.Add(_limits.GetDepth(), _retrying?.GetDepth() ?? default);

    private void OnHomeless(BackgroundTask task)
    {
        _settlement.AddUndone(task);
        Interlocked.Increment(ref _settledElsewhere);
    }

    private bool TryGiveBack(BackgroundTask task)
    {
        try
        {
            return _queue.TryEnqueue(task);
        }
        catch (Exception exception)
        {
            _errors.Report("task-queue.return", exception);
            return false;
        }
    }
}
