using Microsoft.Extensions.DependencyInjection;

namespace Monitoring.TaskQueues;

/// <summary>
/// The in-process queue: bounded over all priorities together, three lanes, first in first out within each. Thread-safe.
/// </summary>
/// <remarks>
/// Invariants, all under one lock: the depth never exceeds the capacity; callers wait for a place only while the queue is
/// full, and workers wait for a task only while it is empty, so nobody is overtaken. The lock is held for a few
/// assignments, as <c>BoundedChannel&lt;T&gt;</c> does; no user code runs under it. Nothing is allocated while neither
/// side waits, apart from the lanes' growth up to the capacity; waiting reuses its objects.
/// </remarks>
public sealed class BoundedTaskQueue : IBackgroundTaskQueue, IDrainableTaskQueue
{
    private const int RecycledLimit = 1024;

    private readonly TimeProvider _timeProvider;
    private readonly TaskQueueFullMode _fullMode;
    private readonly IServiceProviderIsService? _services;

    private readonly Lock _lock = new();
    private readonly TaskLanes _lanes;
    private readonly LinkedList<QueueWaiter> _waitingForTask = [];
    private readonly LinkedList<QueueWaiter> _waitingForPlace = [];
    private readonly Stack<QueueWaiter> _recycled = [];
    private bool _stopped;
    private bool _closed;
    private long _accepted;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="options">Capacity, full mode and weight of priorities; read once.</param>
    /// <param name="timeProvider">For the age of waiting tasks; the system's by default. Give it the monitor's.</param>
    /// <param name="services">When given, a message that no handler is registered for is refused when it is enqueued.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public BoundedTaskQueue(TaskQueueOptions options, TimeProvider? timeProvider = null, IServiceProviderIsService? services = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        Capacity = options.Capacity;
        _fullMode = options.FullMode;
        _lanes = new TaskLanes(options.HighWeight);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _services = services;
    }

    /// <summary>Tasks that may wait, all priorities together.</summary>
    public int Capacity { get; }

    /// <inheritdoc/>
    long IDrainableTaskQueue.AcceptedCount
    {
        get
        {
            lock (_lock)
            {
                return _accepted;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default)
    {
        ThrowIfUnknown(task);
        cancellationToken.ThrowIfCancellationRequested();
        QueueWaiter? receiver;
        lock (_lock)
        {
            ThrowIfUsed(task);
            if (IsRefusedUnderLock(task))
            {
                throw new TaskQueueStoppedException();
            }

            if (!TryAcceptUnderLock(task, out receiver))
            {
                return _fullMode == TaskQueueFullMode.Reject
                    ? throw new TaskQueueFullException(_lanes.Depth, Capacity)
                    : BeginWaitUnderLock(_waitingForPlace, task, cancellationToken).PlaceValue;
            }
        }

        receiver?.Complete(task);
        return new ValueTask<EnqueueOutcome>(EnqueueOutcome.Accepted);
    }

    /// <inheritdoc/>
    public bool TryEnqueue(BackgroundTask task)
    {
        ThrowIfUnknown(task);
        QueueWaiter? receiver;
        lock (_lock)
        {
            ThrowIfUsed(task);
            if (IsRefusedUnderLock(task) || !TryAcceptUnderLock(task, out receiver))
            {
                return false;
            }
        }

        receiver?.Complete(task);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<BackgroundTask>(cancellationToken);
        }

        BackgroundTask task;
        QueueWaiter? placed;
        lock (_lock)
        {
            if (_lanes.Depth == 0)
            {
                return BeginWaitUnderLock(_waitingForTask, null, cancellationToken).TaskValue;
            }

            task = _lanes.Take();
            placed = FillPlaceUnderLock();
        }

        placed?.Complete(placed.Offered!);
        return new ValueTask<BackgroundTask>(task);
    }

    /// <inheritdoc/>
    public TaskQueueDepth GetDepth()
    {
        TaskQueueDepth depth;
        long oldest;
        lock (_lock)
        {
            depth = new TaskQueueDepth(_lanes.DepthOf(TaskPriority.High), _lanes.DepthOf(TaskPriority.Normal), _lanes.DepthOf(TaskPriority.Low));
            oldest = _lanes.OldestTimestamp();
        }

        return oldest == 0 ? depth : depth with { OldestAge = _timeProvider.GetElapsedTime(oldest) };
    }

    /// <summary>
    /// Refuses new tasks from now on: <see cref="EnqueueAsync"/> throws <see cref="TaskQueueStoppedException"/>, also for
    /// those who wait for a place, and <see cref="TryEnqueue"/> returns false. What was accepted can still be taken.
    /// </summary>
    public void Stop()
    {
        QueueWaiter[] refused;
        lock (_lock)
        {
            _stopped = true;
            refused = [.. _waitingForPlace];
            _waitingForPlace.Clear();
        }

        foreach (var waiter in refused)
        {
            waiter.Fail(new TaskQueueStoppedException());
        }
    }

    IReadOnlyList<BackgroundTask> IDrainableTaskQueue.TakeRemaining()
    {
        var remaining = new List<BackgroundTask>();
        lock (_lock)
        {
            _closed = true;
            while (_lanes.Depth > 0)
            {
                remaining.Add(_lanes.Take());
            }
        }

        return remaining;
    }

    /// <summary>Takes a waiter off its list.</summary>
    /// <returns>False when somebody else did, who then completes it.</returns>
    internal bool TryRemove(QueueWaiter waiter)
    {
        lock (_lock)
        {
            var list = waiter.Node.List;
            list?.Remove(waiter.Node);
            return list is not null;
        }
    }

    internal void Recycle(QueueWaiter waiter)
    {
        lock (_lock)
        {
            if (_recycled.Count < RecycledLimit)
            {
                _recycled.Push(waiter);
            }
        }
    }

    private static void ThrowIfUsed(BackgroundTask task)
    {
        if (task.Lifecycle is TaskLifecycle.Accepted or TaskLifecycle.Finished)
        {
            throw new InvalidOperationException($"Task {task.Id} ({task.TypeName}) was enqueued before; a task object is good for one time.");
        }
    }

    private void ThrowIfUnknown(BackgroundTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (_services is not null && task.HandlerType is { } handler && !_services.IsService(handler))
        {
            throw new InvalidOperationException(
                $"No handler is registered for the message {task.MessageType}; call AddTaskHandler<{task.TypeName}, THandler>().");
        }
    }

    private bool IsRefusedUnderLock(BackgroundTask task) => _closed || (_stopped && task.Lifecycle != TaskLifecycle.Returning);

    private bool TryAcceptUnderLock(BackgroundTask task, out QueueWaiter? receiver)
    {
        receiver = null;
        if (_waitingForTask.First is { } first)
        {
            // Somebody waits for a task only while the queue is empty: the new one is the next one.
            _waitingForTask.Remove(first);
            receiver = first.Value;
            MarkAcceptedUnderLock(task);
            return true;
        }

        if (_lanes.Depth >= Capacity)
        {
            return false;
        }

        MarkAcceptedUnderLock(task);
        _lanes.Add(task);
        return true;
    }

    private void MarkAcceptedUnderLock(BackgroundTask task)
    {
        if (task.Lifecycle == TaskLifecycle.New)
        {
            _accepted++;
        }

        task.Lifecycle = TaskLifecycle.Accepted;
    }

    private QueueWaiter? FillPlaceUnderLock()
    {
        if (_waitingForPlace.First is not { } first)
        {
            return null;
        }

        _waitingForPlace.Remove(first);
        MarkAcceptedUnderLock(first.Value.Offered!);
        _lanes.Add(first.Value.Offered!);
        return first.Value;
    }

    private QueueWaiter BeginWaitUnderLock(LinkedList<QueueWaiter> list, BackgroundTask? offered, CancellationToken cancellationToken)
    {
        var waiter = _recycled.TryPop(out var recycled) ? recycled : new QueueWaiter(this);
        list.AddLast(waiter.Node);
        waiter.BeginUnderLock(offered, cancellationToken);
        return waiter;
    }
}
