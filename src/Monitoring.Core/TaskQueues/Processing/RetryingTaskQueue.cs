using Monitoring.TaskQueues.Lanes;

namespace Monitoring.TaskQueues.Processing;

/// <summary>
/// Stands before a queue of somebody's own, which forgets a task when it is taken and cannot be managed: keeps the retries
/// and the dead letters, knows which tasks are with the processor, and can be paused. Thread-safe.
/// </summary>
/// <remarks>
/// A retry that falls due goes back into the queue, to wait its turn there. Where the queue has no place for it, or is not
/// asked any more, it is ready here, for the worker that comes around next; those that wait are woken.
/// </remarks>
internal sealed class RetryingTaskQueue : ISettlingTaskQueue, IDrainableTaskQueue, IManagedTaskQueue, IDisposable
{
    private const int RetryCapacity = 10_000;

    private readonly IBackgroundTaskQueue _source;
    private readonly Func<BackgroundTask, bool> _tryEnqueue;
    private readonly TimeProvider _timeProvider;
    private readonly Action _wake;
    private readonly Action<BackgroundTask> _onHomeless;
    private readonly DeadLetterShelf _deadLetters;
    private readonly Lock _lock = new();
    private readonly TaskSchedule _schedule;
    private readonly Queue<BackgroundTask> _ready = [];
    private long _taken;
    private bool _closed;

    // Read without the lock by workers that are about to wait; whoever changes them wakes those.
    private int _readyCount;
    private bool _stopped;
    private bool _paused;

    /// <param name="name">Name under which it is monitored.</param>
    /// <param name="source">Where tasks are taken from.</param>
    /// <param name="tryEnqueue">Puts a task back into that queue; must not throw.</param>
    /// <param name="deadLetterCapacity">How many dead letters are kept.</param>
    /// <param name="timeProvider">Time.</param>
    /// <param name="wake">Makes the workers that wait ask again.</param>
    /// <param name="onHomeless">Gets a task that was on its way while everything closed.</param>
    public RetryingTaskQueue(
        string name,
        IBackgroundTaskQueue source,
        Func<BackgroundTask, bool> tryEnqueue,
        int deadLetterCapacity,
        TimeProvider timeProvider,
        Action wake,
        Action<BackgroundTask> onHomeless)
    {
        Name = name;
        _source = source;
        _tryEnqueue = tryEnqueue;
        _deadLetters = new DeadLetterShelf(deadLetterCapacity);
        _timeProvider = timeProvider;
        _schedule = new TaskSchedule(timeProvider, OnDue);
        _wake = wake;
        _onHomeless = onHomeless;
    }

    public string Name { get; }

    public bool IsPaused => Volatile.Read(ref _paused);

    /// <summary>Tasks that are, or were, with the processor and have not gone back to the queue that they came from.</summary>
    public long AcceptedCount => Volatile.Read(ref _taken);

    public ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default) =>
        _source.EnqueueAsync(task, cancellationToken);

    public bool TryEnqueue(BackgroundTask task) => _source.TryEnqueue(task);

    /// <summary>What is kept here; the queue itself is asked for its depth by who watches it.</summary>
    public TaskQueueDepth GetDepth()
    {
        lock (_lock)
        {
            return new TaskQueueDepth { Delayed = _schedule.Count + _ready.Count, AwaitingRetry = _schedule.AwaitingRetry + _ready.Count, DeadLetters = _deadLetters.Count };
        }
    }

    public async ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Volatile.Read(ref _paused))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _timeProvider, cancellationToken).ConfigureAwait(false);
            }

            if (TakeReady() is { } ready)
            {
                return ready;
            }

            if (!Volatile.Read(ref _stopped))
            {
                var task = await _source.DequeueAsync(cancellationToken).ConfigureAwait(false);
                Interlocked.Increment(ref _taken);
                if (!Volatile.Read(ref _paused))
                {
                    return task;
                }

                // The queue gave it to somebody who was just being woken for the pause.
                MakeReady(task);
                continue;
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask CompleteAsync(BackgroundTask task) => default;

    public ValueTask<bool> TryRetryAsync(BackgroundTask task, TimeSpan delay)
    {
        lock (_lock)
        {
            if (_closed || _schedule.Count + _ready.Count >= RetryCapacity)
            {
                return new ValueTask<bool>(false);
            }

            // Without a delay too: it is not to overtake what waits in the queue.
            _schedule.Add(task, delay);
            return new ValueTask<bool>(true);
        }
    }

    public ValueTask DeadLetterAsync(BackgroundTask task, DeadLetter letter)
    {
        _deadLetters.Add(letter, task);
        return default;
    }

    public ValueTask<bool> TryReturnAsync(BackgroundTask task) => new(false);

    public ValueTask PauseAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Volatile.Write(ref _paused, true);
        _wake();
        return default;
    }

    public ValueTask ResumeAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Volatile.Write(ref _paused, false);
        _wake();
        return default;
    }

    public ValueTask<IReadOnlyList<DeadLetter>> GetDeadLettersAsync(int count = 100, CancellationToken cancellationToken = default) =>
        new(_deadLetters.Get(count));

    public ValueTask<int> RedriveAsync(string? id = null, CancellationToken cancellationToken = default) =>
        new(_deadLetters.Redrive(id, TryRedrive, cancellationToken));

    /// <summary>Takes nothing more from the queue. Those who wait for it have to be woken.</summary>
    public void Stop() => Volatile.Write(ref _stopped, true);

    public IReadOnlyList<BackgroundTask> TakeLater(TimeSpan delay)
    {
        lock (_lock)
        {
            return _schedule.TakeLater(delay);
        }
    }

    public IReadOnlyList<BackgroundTask> TakeRemaining()
    {
        lock (_lock)
        {
            _closed = true;
            List<BackgroundTask> rest = [.. _ready, .. _schedule.TakeAll()];
            _ready.Clear();
            Volatile.Write(ref _readyCount, 0);
            return rest;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _schedule.Dispose();
        }
    }

    private void OnDue()
    {
        while (TakeDue() is { } task)
        {
            // The queue is another's code, so no lock is held. Counted before: as soon as it is back somebody may take it again.
            Interlocked.Decrement(ref _taken);
            if (!Volatile.Read(ref _stopped) && _tryEnqueue(task))
            {
                continue;
            }

            Interlocked.Increment(ref _taken);
            MakeReady(task);
        }
    }

    private BackgroundTask? TakeDue()
    {
        lock (_lock)
        {
            return _closed ? null : _schedule.TryTakeDue();
        }
    }

    private void MakeReady(BackgroundTask task)
    {
        bool closed;
        lock (_lock)
        {
            closed = _closed;
            if (!closed)
            {
                _ready.Enqueue(task);
                Volatile.Write(ref _readyCount, _ready.Count);
            }
        }

        if (closed)
        {
            _onHomeless(task);
        }
        else
        {
            _wake();
        }
    }

    private BackgroundTask? TakeReady()
    {
        if (Volatile.Read(ref _readyCount) == 0)
        {
            return null;
        }

        lock (_lock)
        {
            _ = _ready.TryDequeue(out var task);
            Volatile.Write(ref _readyCount, _ready.Count);
            return task;
        }
    }

    private bool TryRedrive(BackgroundTask task)
    {
        var (attempts, delay, lifecycle) = (task.Attempt, task.Delay, task.Lifecycle);
        task.Renew(attempts: 0, delay: TimeSpan.Zero, TaskLifecycle.New);
        if (!Volatile.Read(ref _stopped) && _tryEnqueue(task))
        {
            return true;
        }

        task.Renew(attempts, delay, lifecycle);
        return false;
    }
}
