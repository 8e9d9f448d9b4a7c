using Microsoft.Extensions.DependencyInjection;
using Monitoring.TaskQueues.Lanes;

namespace Monitoring.TaskQueues;

/// <summary>
/// The in-process queue: bounded, three lanes with weights, first in first out within each. Delayed tasks and retries wait
/// in it for their time, and it keeps the tasks that were given up. Thread-safe.
/// </summary>
public sealed partial class BoundedTaskQueue : IManagedTaskQueue, ISettlingTaskQueue, IDrainableTaskQueue, IDisposable
{
    private readonly IServiceProviderIsService? _services;
    private readonly TaskQueueFullMode _fullMode;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="options">Capacity, full mode and weight of priorities; read once.</param>
    /// <param name="timeProvider">For delays and the age of waiting tasks; the system's by default. Give it the monitor's.</param>
    /// <param name="services">When given, a message that no handler is registered for is refused when it is enqueued.</param>
    /// <param name="name">Name under which it is monitored.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the name is empty.</exception>
    public BoundedTaskQueue(
        TaskQueueOptions options, TimeProvider? timeProvider = null, IServiceProviderIsService? services = null, string name = TaskQueueMonitor.DefaultQueue)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        options.ThrowIfInvalid();
        Name = name;
        Capacity = options.Capacity;
        _fullMode = options.FullMode;
        _services = services;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _lanes = new TaskLanes(options);
        _delayedCapacity = options.DelayedCapacity;
        _schedule = new TaskSchedule(_timeProvider, OnDue);
        _deadLetters = new DeadLetterShelf(options.DeadLetterCapacity);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Tasks that may wait, all priorities together.</summary>
    public int Capacity { get; }

    /// <inheritdoc/>
    public ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default)
    {
        ThrowIfUnknown(task);
        cancellationToken.ThrowIfCancellationRequested();
        return TryAdmitWithoutLock(task) ? new ValueTask<EnqueueOutcome>(EnqueueOutcome.Accepted) : EnqueueUnderLock(task, cancellationToken);
    }

    /// <inheritdoc/>
    public bool TryEnqueue(BackgroundTask task)
    {
        ThrowIfUnknown(task);
        return TryAdmitWithoutLock(task) || TryAdmit(task);
    }

    /// <inheritdoc/>
    public ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<BackgroundTask>(cancellationToken);
        }

        BackgroundTask? task;
        var woken = default(Woken);
        lock (_lock)
        {
            task = TryTakeUnderLock();
            if (task is null)
            {
                Interlocked.Increment(ref _sleeping);
                task = TryTakeUnderLock();
                if (task is null)
                {
                    return BeginWaitForTaskUnderLock(cancellationToken).TaskValue;
                }

                Interlocked.Decrement(ref _sleeping);
            }

            if (_inLine > 0)
            {
                PumpUnderLock(ref woken);
            }
        }

        woken.Complete();
        return new ValueTask<BackgroundTask>(task);
    }

    /// <inheritdoc/>
    public TaskQueueDepth GetDepth()
    {
        TaskQueueDepth depth;
        (long High, long Normal, long Low) since;
        lock (_lock)
        {
            var (high, normal, low) = (_lanes.Of(TaskPriority.High), _lanes.Of(TaskPriority.Normal), _lanes.Of(TaskPriority.Low));
            depth = new TaskQueueDepth(high.Count, normal.Count, low.Count) { Delayed = DelayedUnderLock, AwaitingRetry = _schedule.AwaitingRetry };
            since = (SinceOf(high), SinceOf(normal), SinceOf(low));
        }

        depth = depth with
        {
            HighOldestAge = AgeOf(since.High),
            NormalOldestAge = AgeOf(since.Normal),
            LowOldestAge = AgeOf(since.Low),
            DeadLetters = _deadLetters.Count,
        };
        var older = TaskQueueDepth.Older(depth.HighOldestAge, depth.NormalOldestAge);
        return depth with { OldestAge = TaskQueueDepth.Older(older, depth.LowOldestAge) };

        static long SinceOf(TaskLane lane) => lane.Peek()?.EnqueuedTimestamp ?? 0;

        TimeSpan? AgeOf(long timestamp) => timestamp == 0 ? null : _timeProvider.GetElapsedTime(timestamp);
    }

    /// <summary>
    /// Refuses new tasks from now on: <see cref="EnqueueAsync"/> throws <see cref="TaskQueueStoppedException"/>, also for
    /// those who wait for a place, and <see cref="TryEnqueue"/> returns false. What was accepted can still be taken.
    /// </summary>
    public void Stop()
    {
        var woken = default(Woken);
        lock (_lock)
        {
            StopUnderLock(ref woken);
        }

        woken.Complete();
    }

    /// <summary>Ends the timer of delayed tasks. Those that still wait for their time never fall due.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _schedule.Dispose();
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

    private ValueTask<EnqueueOutcome> EnqueueUnderLock(BackgroundTask task, CancellationToken cancellationToken)
    {
        Admission admission;
        QueueWaiter? wait = null;
        TaskQueueFullException? full = null;
        var woken = default(Woken);
        BackgroundTask? dropped;
        lock (_lock)
        {
            ThrowIfUsed(task);
            admission = AdmitUnderLock(task, mayDrop: true, ref woken, out dropped);
            if (admission == Admission.Full)
            {
                if (_fullMode == TaskQueueFullMode.Wait)
                {
                    wait = BeginWaitForPlaceUnderLock(task, cancellationToken);
                }
                else
                {
                    full = ToExceptionUnderLock(task);
                }
            }
        }

        woken.Complete();
        OnDropped(dropped);
        return admission switch
        {
            Admission.Full => wait?.PlaceValue ?? throw full!,
            Admission.Stopped => throw new TaskQueueStoppedException(),
            Admission.Duplicate => new ValueTask<EnqueueOutcome>(EnqueueOutcome.Duplicate),
            _ => new ValueTask<EnqueueOutcome>(dropped is null ? EnqueueOutcome.Accepted : EnqueueOutcome.AcceptedByDropping),
        };
    }

    private bool TryAdmit(BackgroundTask task)
    {
        Admission admission;
        var woken = default(Woken);
        lock (_lock)
        {
            ThrowIfUsed(task);
            admission = AdmitUnderLock(task, mayDrop: false, ref woken, out _);
        }

        woken.Complete();
        return admission == Admission.Accepted;
    }
}
