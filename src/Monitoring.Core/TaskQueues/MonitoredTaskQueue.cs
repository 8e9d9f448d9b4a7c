using System.Runtime.CompilerServices;
using Monitoring.TaskQueues.Recording;

namespace Monitoring.TaskQueues;

/// <summary>
/// Counts what goes into and out of any queue. The timestamp of a task is put on it before it is handed to the inner
/// queue, because afterwards it may already belong to a worker.
/// </summary>
internal sealed class MonitoredTaskQueue : IBackgroundTaskQueue, IDisposable
{
    private readonly IBackgroundTaskQueue _inner;
    private readonly QueueMonitor _monitor;
    private readonly WatchedQueue _watched;

    public MonitoredTaskQueue(IBackgroundTaskQueue inner, QueueMonitor monitor, int capacity, int workers)
    {
        _inner = inner;
        _monitor = monitor;
        var remote = inner as IRemoteTaskQueue;
        remote?.Monitor = monitor;
        _watched = new WatchedQueue(inner, capacity, workers, remote?.System ?? (inner is IDrainableTaskQueue ? "in-process" : "custom"));
        monitor.Watched.Watch(_watched);
        if (inner is BoundedTaskQueue bounded)
        {
            // What it does of itself, it tells itself.
            bounded.Monitor = monitor;
        }
    }

    /// <summary>Where it is counted.</summary>
    public QueueMonitor Monitor => _monitor;

    /// <summary>Where a processor counts: where its queue does, if that is within <paramref name="monitor"/>.</summary>
    public static QueueMonitor? MonitorOf(IBackgroundTaskQueue queue, TaskQueueMonitor? monitor)
    {
        if (monitor is null)
        {
            return null;
        }

        var own = (queue as MonitoredTaskQueue)?._monitor;
        return own is not null && monitor.Queue(own.Name) == own ? own : monitor.Queue((queue as IManagedTaskQueue)?.Name ?? TaskQueueMonitor.DefaultQueue);
    }

    /// <summary>
    /// Where to take tasks from by a worker that reports to <paramref name="monitor"/> itself, with the timestamps it takes anyway.
    /// </summary>
    public static IBackgroundTaskQueue SourceFor(QueueMonitor? monitor, IBackgroundTaskQueue queue) =>
        queue is MonitoredTaskQueue monitored && monitored._monitor == monitor ? monitored._inner : queue;

    /// <summary>Looks through the monitoring.</summary>
    public static IBackgroundTaskQueue InnerOf(IBackgroundTaskQueue queue)
    {
        while (queue is MonitoredTaskQueue monitored)
        {
            queue = monitored._inner;
        }

        return queue;
    }

    public ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        var isNew = Stamp(task);
        var priority = task.Priority;
        EnqueueOutcome outcome;
        try
        {
            var pending = _inner.EnqueueAsync(task, cancellationToken);
            if (!pending.IsCompletedSuccessfully)
            {
                return AwaitAsync(pending, priority, isNew);
            }

            outcome = pending.Result;
        }
        catch (Exception exception)
        {
            OnRefused(priority, exception);
            throw;
        }

        OnAccepted(priority, outcome, isNew);
        return new ValueTask<EnqueueOutcome>(outcome);
    }

    public bool TryEnqueue(BackgroundTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var isNew = Stamp(task);
        var priority = task.Priority;
        var accepted = _inner.TryEnqueue(task);
        if (accepted)
        {
            OnAccepted(priority, EnqueueOutcome.Accepted, isNew);
        }
        else if (isNew)
        {
            _monitor.OnRejected(priority);
        }

        return accepted;
    }

    public ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken)
    {
        var pending = _inner.DequeueAsync(cancellationToken);
        if (!pending.IsCompletedSuccessfully)
        {
            return AwaitTaskAsync(pending);
        }

        var task = pending.Result;
        _monitor.OnDequeued(task, _monitor.GetTimestamp());
        return new ValueTask<BackgroundTask>(task);
    }

    public TaskQueueDepth GetDepth() => _inner.GetDepth();

    public void Dispose()
    {
        _monitor.Watched.Unwatch(_watched);
        if (_inner is BoundedTaskQueue bounded && bounded.Monitor == _monitor)
        {
            bounded.Monitor = null;
        }
    }

    private bool Stamp(BackgroundTask task)
    {
        // Somebody who enqueues the same object twice must not get at the timestamps of the one in the queue.
        if (task.Lifecycle is TaskLifecycle.Accepted or TaskLifecycle.Finished)
        {
            return false;
        }

        var isNew = task.Lifecycle == TaskLifecycle.New;
        task.Recorder = _monitor.SeriesOf(task);
        task.EnqueuedTimestamp = _monitor.GetTimestamp();
        return isNew;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<EnqueueOutcome> AwaitAsync(ValueTask<EnqueueOutcome> pending, TaskPriority priority, bool isNew)
    {
        EnqueueOutcome outcome;
        try
        {
            outcome = await pending.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            OnRefused(priority, exception);
            throw;
        }

        OnAccepted(priority, outcome, isNew);
        return outcome;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<BackgroundTask> AwaitTaskAsync(ValueTask<BackgroundTask> pending)
    {
        var task = await pending.ConfigureAwait(false);
        _monitor.OnDequeued(task, _monitor.GetTimestamp());
        return task;
    }

    private void OnAccepted(TaskPriority priority, EnqueueOutcome outcome, bool isNew)
    {
        if (isNew)
        {
            _monitor.OnEnqueued(priority, outcome);
        }
    }

    private void OnRefused(TaskPriority priority, Exception exception)
    {
        if (exception is TaskQueueFullException full)
        {
            full.RetryAfter ??= _monitor.EstimateRetryAfter();
            _monitor.OnRejected(priority);
        }
        else if (exception is TaskQueueStoppedException)
        {
            _monitor.OnRejected(priority);
        }
    }
}
