using System.Runtime.CompilerServices;

namespace Monitoring.TaskQueues;

/// <summary>
/// Counts what goes into and out of any queue. The timestamp of a task is put on it before it is handed to the inner
/// queue, because afterwards it may already belong to a worker.
/// </summary>
internal sealed class MonitoredTaskQueue : IBackgroundTaskQueue, IDisposable
{
    private readonly IBackgroundTaskQueue _inner;
    private readonly TaskQueueMonitor _monitor;
    private readonly WatchedQueue _watched;

    public MonitoredTaskQueue(IBackgroundTaskQueue inner, TaskQueueMonitor monitor, int capacity, int workers)
    {
        _inner = inner;
        _monitor = monitor;
        _watched = new WatchedQueue(inner, capacity, workers);
        monitor.Queues.Watch(_watched);
    }

    /// <summary>The innermost queue, if its tasks live and die with the process.</summary>
    public IDrainableTaskQueue? Drainable => DrainableOf(_inner);

    /// <summary>
    /// Where to take tasks from by a worker that reports to <paramref name="monitor"/> itself, with the timestamps it takes anyway.
    /// </summary>
    public static IBackgroundTaskQueue SourceFor(TaskQueueMonitor? monitor, IBackgroundTaskQueue queue) =>
        queue is MonitoredTaskQueue monitored && monitored._monitor == monitor ? monitored._inner : queue;

    /// <summary>Looks through the monitoring.</summary>
    public static IDrainableTaskQueue? DrainableOf(IBackgroundTaskQueue queue) =>
        queue is MonitoredTaskQueue monitored ? monitored.Drainable : queue as IDrainableTaskQueue;

    public ValueTask EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        var isNew = Stamp(task);
        try
        {
            var pending = _inner.EnqueueAsync(task, cancellationToken);
            if (!pending.IsCompletedSuccessfully)
            {
                return AwaitAsync(pending, isNew);
            }

            // Hands a pooled source back; the result of a completed one is there at once.
            pending.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            OnRefused(exception);
            throw;
        }

        OnAccepted(isNew);
        return ValueTask.CompletedTask;
    }

    public bool TryEnqueue(BackgroundTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var isNew = Stamp(task);
        var accepted = _inner.TryEnqueue(task);
        if (accepted)
        {
            OnAccepted(isNew);
        }
        else if (isNew)
        {
            _monitor.OnRejected();
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

    public void Dispose() => _monitor.Queues.Unwatch(_watched);

    private bool Stamp(BackgroundTask task)
    {
        // Somebody who enqueues the same object twice must not get at the timestamps of the one in the queue.
        if (task.Lifecycle is TaskLifecycle.Accepted or TaskLifecycle.Finished)
        {
            return false;
        }

        var isNew = task.Lifecycle == TaskLifecycle.New;
        task.Recorder = _monitor.RecorderOf(task);
        task.EnqueuedTimestamp = _monitor.GetTimestamp();
        return isNew;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitAsync(ValueTask pending, bool isNew)
    {
        try
        {
            await pending.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            OnRefused(exception);
            throw;
        }

        OnAccepted(isNew);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<BackgroundTask> AwaitTaskAsync(ValueTask<BackgroundTask> pending)
    {
        var task = await pending.ConfigureAwait(false);
        _monitor.OnDequeued(task, _monitor.GetTimestamp());
        return task;
    }

    private void OnAccepted(bool isNew)
    {
        if (isNew)
        {
            _monitor.OnEnqueued();
        }
    }

    private void OnRefused(Exception exception)
    {
        if (exception is TaskQueueFullException full)
        {
            full.RetryAfter ??= _monitor.EstimateRetryAfter();
            _monitor.OnRejected();
        }
        else if (exception is TaskQueueStoppedException)
        {
            _monitor.OnRejected();
        }
    }
}
