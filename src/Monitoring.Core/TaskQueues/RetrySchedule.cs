namespace Monitoring.TaskQueues;

/// <summary>
/// Failed tasks that wait for their next attempt, at most as many as fit. When one falls due it goes back into the queue;
/// if that is full, the next worker that comes around takes it from here. Thread-safe.
/// </summary>
internal sealed class RetrySchedule : IDisposable
{
    /// <summary>A due task that found the queue full is normally fetched by a worker; this is for when they all sleep by then.</summary>
    private static readonly TimeSpan FullQueuePoll = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<BackgroundTask, long> _waiting = new();
    private readonly TimeProvider _timeProvider;
    private readonly int _capacity;
    private readonly Func<BackgroundTask, bool> _tryEnqueue;
    private readonly Action<BackgroundTask> _onHomeless;
    private readonly ITimer _timer;
    private bool _closed;

    // Written under the lock; read without it by the workers, for whom a stale value only means one turn later.
    private int _count;

    /// <param name="timeProvider">Time.</param>
    /// <param name="capacity">How many may wait.</param>
    /// <param name="tryEnqueue">Puts a task that has fallen due back into the queue; must not throw.</param>
    /// <param name="onHomeless">Gets a task that was on its way to a full queue while the schedule was closed.</param>
    public RetrySchedule(TimeProvider timeProvider, int capacity, Func<BackgroundTask, bool> tryEnqueue, Action<BackgroundTask> onHomeless)
    {
        _timeProvider = timeProvider;
        _capacity = capacity;
        _tryEnqueue = tryEnqueue;
        _onHomeless = onHomeless;
        _timer = timeProvider.CreateTimer(static state => ((RetrySchedule)state!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count => Volatile.Read(ref _count);

    /// <returns>False when there is no room, or the schedule is closed: the task stays with the caller.</returns>
    public bool TrySchedule(BackgroundTask task, TimeSpan delay)
    {
        lock (_lock)
        {
            if (_closed || _count >= _capacity)
            {
                return false;
            }

            AddUnderLock(task, _timeProvider.GetTimestamp() + ToTimestampTicks(delay));
            ArmUnderLock();
            return true;
        }
    }

    /// <summary>Takes a task whose time has come. Costs one read while nothing waits.</summary>
    public BackgroundTask? TakeDue()
    {
        if (Count == 0)
        {
            return null;
        }

        lock (_lock)
        {
            return TakeDueUnderLock();
        }
    }

    /// <summary>Takes nothing more and hands out everything that waits.</summary>
    public IReadOnlyList<BackgroundTask> Close()
    {
        lock (_lock)
        {
            _closed = true;
            var rest = _waiting.UnorderedItems.Select(static item => item.Element).ToArray();
            _waiting.Clear();
            Volatile.Write(ref _count, 0);
            return rest;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void OnDue()
    {
        while (TakeDue() is { } task)
        {
            // The queue is another's code, so no lock is held. A task in hand here is in no list for a moment; the drain
            // at stop counts what was accepted against what was settled, so it waits for this one too.
            if (!_tryEnqueue(task))
            {
                PutBack(task);
                return;
            }
        }

        lock (_lock)
        {
            ArmUnderLock();
        }
    }

    private void PutBack(BackgroundTask task)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                AddUnderLock(task, _timeProvider.GetTimestamp());
                _timer.Change(FullQueuePoll, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        _onHomeless(task);
    }

    private BackgroundTask? TakeDueUnderLock()
    {
        if (!_waiting.TryPeek(out var task, out var due) || due > _timeProvider.GetTimestamp())
        {
            return null;
        }

        _waiting.Dequeue();
        Volatile.Write(ref _count, _waiting.Count);
        return task;
    }

    private void AddUnderLock(BackgroundTask task, long due)
    {
        _waiting.Enqueue(task, due);
        Volatile.Write(ref _count, _waiting.Count);
    }

    private void ArmUnderLock()
    {
        if (!_waiting.TryPeek(out _, out var due))
        {
            return;
        }

        var wait = _timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), due);

        // Rounded up: timers count milliseconds, and one that fires early would only be armed again.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private long ToTimestampTicks(TimeSpan delay) => (long)(delay.TotalSeconds * _timeProvider.TimestampFrequency);
}
