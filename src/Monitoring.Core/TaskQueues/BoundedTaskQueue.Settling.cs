using Monitoring.TaskQueues.Lanes;
using Monitoring.TaskQueues.Recording;

namespace Monitoring.TaskQueues;

/// <summary>What becomes of tasks after they were taken: done, back for another attempt, given up; and how the queue is managed and drained.</summary>
public sealed partial class BoundedTaskQueue
{
    private const int MostDeadLettersAtOnce = 10_000;

    private readonly DeadLetterShelf _deadLetters;

    /// <inheritdoc/>
    public bool IsPaused => Volatile.Read(ref _paused);

    /// <summary>Gets what is not an answer to a call: drops and what is re-driven. Null while nobody monitors the queue.</summary>
    internal QueueMonitor? Monitor { get; set; }

    /// <inheritdoc/>
    long IDrainableTaskQueue.AcceptedCount
    {
        get
        {
            lock (_lock)
            {
                return _lanes.Added + _acceptedDelayed - _cameBack;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask PauseAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _paused = true;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ResumeAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var woken = default(Woken);
        lock (_lock)
        {
            _paused = false;
            PumpUnderLock(ref woken);
        }

        woken.Complete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of its range.</exception>
    public ValueTask<IReadOnlyList<DeadLetter>> GetDeadLettersAsync(int count = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostDeadLettersAtOnce);
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<IReadOnlyList<DeadLetter>>(_deadLetters.Get(count));
    }

    /// <inheritdoc/>
    public ValueTask<int> RedriveAsync(string? id = null, CancellationToken cancellationToken = default) =>
        new(_deadLetters.Redrive(id, TryRedrive, cancellationToken));

    IReadOnlyList<BackgroundTask> IDrainableTaskQueue.TakeLater(TimeSpan delay)
    {
        lock (_lock)
        {
            return _schedule.TakeLater(delay);
        }
    }

    IReadOnlyList<BackgroundTask> IDrainableTaskQueue.TakeRemaining()
    {
        var remaining = new List<BackgroundTask>();
        var woken = default(Woken);
        lock (_lock)
        {
            _closed = true;
            StopUnderLock(ref woken);
            var patience = default(SpinWait);
            while (_lanes.Depth > 0)
            {
                if (_lanes.TryTake() is { } task)
                {
                    remaining.Add(task);
                }
                else
                {
                    // Its adder is between two instructions.
                    patience.SpinOnce(sleep1Threshold: -1);
                }
            }

            foreach (var line in _waitingForPlace)
            {
                remaining.AddRange(line.Select(static waiter => waiter.Offered!));
                line.Clear();
            }

            (_inLine, _dueInLine) = (0, 0);
            remaining.AddRange(_schedule.TakeAll());
            _keys.Clear();
        }

        woken.Complete();
        return remaining;
    }

    ValueTask ISettlingTaskQueue.CompleteAsync(BackgroundTask task)
    {
        ReleaseKey(task);
        return ValueTask.CompletedTask;
    }

    ValueTask<bool> ISettlingTaskQueue.TryRetryAsync(BackgroundTask task, TimeSpan delay)
    {
        var woken = default(Woken);
        lock (_lock)
        {
            if (_closed || DelayedUnderLock >= _delayedCapacity)
            {
                return new ValueTask<bool>(false);
            }

            task.Lifecycle = TaskLifecycle.Returning;
            if (delay > TimeSpan.Zero)
            {
                _schedule.Add(task, delay);
            }
            else
            {
                TakeBackUnderLock(task);
                PumpUnderLock(ref woken);
            }
        }

        woken.Complete();
        return new ValueTask<bool>(true);
    }

    ValueTask ISettlingTaskQueue.DeadLetterAsync(BackgroundTask task, DeadLetter letter)
    {
        ReleaseKey(task);
        task.Lifecycle = TaskLifecycle.Finished;
        _deadLetters.Add(letter, task);
        return ValueTask.CompletedTask;
    }

    ValueTask<bool> ISettlingTaskQueue.TryReturnAsync(BackgroundTask task)
    {
        ReleaseKey(task);
        return new ValueTask<bool>(false);
    }

    /// <summary>The task is settled: another one with its key is welcome.</summary>
    internal void ReleaseKey(BackgroundTask task)
    {
        if (task.DeduplicationKey is not null)
        {
            lock (_lock)
            {
                ReleaseKeyUnderLock(task);
            }
        }
    }

    private void OnDue()
    {
        var woken = default(Woken);
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            while (_schedule.TryTakeDue() is { } task)
            {
                TakeBackUnderLock(task);
            }

            PumpUnderLock(ref woken);
        }

        woken.Complete();
    }

    // An accepted task whose time has come: it waits from now on, for a place first if its lane is full.
    private void TakeBackUnderLock(BackgroundTask task)
    {
        if (task.EnqueuedTimestamp != 0)
        {
            task.EnqueuedTimestamp = Math.Max(1, _timeProvider.GetTimestamp());
        }

        if (_waitingForPlace[(int)task.Priority].Count == 0 && _lanes.TryReserve(task.Priority))
        {
            AddUnderLock(task);
            return;
        }

        StandInLineUnderLock((int)task.Priority).BeginUnawaitedUnderLock(task);
        _dueInLine++;
    }

    private bool TryRedrive(BackgroundTask task)
    {
        var (attempts, delay, lifecycle) = (task.Attempt, task.Delay, task.Lifecycle);
        task.Renew(attempts: 0, delay: TimeSpan.Zero, TaskLifecycle.New);
        if (Monitor is { } monitor)
        {
            task.Recorder = monitor.SeriesOf(task);
            task.EnqueuedTimestamp = monitor.GetTimestamp();
        }

        if (!TryAdmit(task))
        {
            task.Renew(attempts, delay, lifecycle);
            return false;
        }

        Monitor?.OnEnqueued(task.Priority, EnqueueOutcome.Accepted);
        return true;
    }

    private void OnDropped(BackgroundTask? task)
    {
        if (task is null)
        {
            return;
        }

        _deadLetters.Add(
            new DeadLetter
            {
                Id = task.Id,
                TypeName = task.TypeName,
                Priority = task.Priority,
                At = _timeProvider.GetUtcNow(),
                Reason = DeadLetterReason.Dropped,
                Attempts = task.Attempt,
            },
            task);
        Monitor?.OnDropped(task.Priority);
    }
}
