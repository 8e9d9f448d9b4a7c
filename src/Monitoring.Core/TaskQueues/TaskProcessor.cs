using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues;

/// <summary>
/// Runs the tasks of a queue on a number of workers: each attempt in a scope of its own where it needs services, limited
/// in time, repeated with exponential back-off when it fails.
/// </summary>
/// <remarks>
/// At stop the queue takes nothing new, and what it accepted is done within <see cref="TaskProcessorOptions.DrainTimeout"/>,
/// retries included. The rest is cancelled and reported: accepted = completed + failed + undone. This needs a
/// <see cref="BoundedTaskQueue"/> that only this processor takes from. Of any other queue nothing more is taken once the
/// stop begins, running tasks have the same time, and what waits stays where it is.
/// </remarks>
public sealed class TaskProcessor : BackgroundService
{
    /// <summary>How long a cancelled task may take to notice, before it is left behind.</summary>
    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(1);

    private readonly TaskQueueOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly QueueMonitor? _monitor;
    private readonly InternalErrors _errors;
    private readonly IBackgroundTaskQueue _queue;
    private readonly IDrainableTaskQueue? _drainable;
    private readonly RetrySchedule _retries;
    private readonly TaskSettlement _settlement;
    private readonly TaskWorker[] _workers;
    private readonly WorkerPool _pool;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _draining;
    private int _stopped;

    /// <summary>Creates a processor; the host, or <c>StartAsync</c>, starts it.</summary>
    /// <param name="queue">The queue, as returned by <c>WithMonitoring</c> when it is to be monitored.</param>
    /// <param name="options">Workers, timeout, retries; read once.</param>
    /// <param name="scopes">Where scopes come from.</param>
    /// <param name="monitor">Gets what the workers do; null for none.</param>
    /// <param name="timeProvider">The system's by default.</param>
    /// <param name="logger">Gets failed attempts and tasks.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TaskProcessor(
        IBackgroundTaskQueue queue,
        TaskQueueOptions options,
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
        _options = options;
        _monitor = MonitoredTaskQueue.MonitorOf(queue, monitor?.TaskQueue);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger<TaskProcessor>.Instance;
        _errors = new InternalErrors(_logger, _timeProvider);
        _drainable = MonitoredTaskQueue.DrainableOf(queue);
        _retries = new RetrySchedule(_timeProvider, options.Capacity, TryReturn, task => _settlement!.AddUndone(task));
        var backoff = new RetryBackoff(options.RetryBaseDelay, options.RetryMaxDelay, Random.Shared.NextDouble);
        _settlement = new TaskSettlement(options, backoff, _retries, _monitor, _logger, _errors);
        _workers = [.. Enumerable.Range(0, options.Workers).Select(_ =>
            new TaskWorker(MonitoredTaskQueue.SourceFor(_monitor, queue), _monitor, options, scopes, _retries, _settlement, _timeProvider, _errors, OnSettled))];
        _pool = new WorkerPool(Array.ConvertAll(_workers, static worker => worker.Activity), options.TaskTimeout, _retries);
    }

    /// <summary>Accepted tasks that were not done when the processor stopped; empty before.</summary>
    public IReadOnlyList<BackgroundTask> UndoneTasks => _settlement.GetUndone();

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            await base.StopAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await DrainAsync(cancellationToken).ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var worker in _workers)
        {
            worker.Deadline.Stop();
        }

        using var grace = new CancellationTokenSource(CancellationGrace, _timeProvider);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, grace.Token);
        await base.StopAsync(patience.Token).ConfigureAwait(false);
        SettleTheRest();
        _monitor?.RemoveWorkers(_pool);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _retries.Dispose();
        foreach (var worker in _workers)
        {
            worker.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host may be disposed without having been stopped.
        using var registration = stoppingToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _stopping);
        _monitor?.AddWorkers(_pool);
        Task[] running;
        using (ExecutionContext.SuppressFlow())
        {
            // What is ambient where the host starts (an activity, a culture) must not become the tasks'.
            running = Array.ConvertAll(_workers, worker => Task.Run(() => worker.RunAsync(_stopping.Token), CancellationToken.None));
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (ExecuteTask is null)
        {
            _drainable?.Stop();
            return;
        }

        var done = ExecuteTask;
        if (_drainable is not null)
        {
            _drainable.Stop();
            Volatile.Write(ref _draining, true);

            // Workers write their count and then read the flag without a fence of their own; this is the fence for both sides.
            Interlocked.MemoryBarrierProcessWide();
            OnSettled();
            done = _drained.Task;
        }
        else
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
        }

        try
        {
            await done.WaitAsync(_options.DrainTimeout, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // Reported with what is undone.
        }
    }

    private void OnSettled()
    {
        if (Volatile.Read(ref _draining) && _drainable!.AcceptedCount <= _workers.Sum(static worker => worker.Settled))
        {
            _drained.TrySetResult();
        }
    }

    private bool TryReturn(BackgroundTask task)
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

    private void SettleTheRest()
    {
        // In this order: once the schedule is closed, a retry on its way finds the queue closed too and is counted there.
        var left = _retries.Close()
            .Concat(_drainable?.TakeRemaining() ?? [])
            .Concat(_workers.Select(static worker => worker.Deadline.Abandon()).OfType<BackgroundTask>());
        foreach (var task in left)
        {
            _settlement.AddUndone(task);
        }

        _settlement.LogStop();
    }
}
