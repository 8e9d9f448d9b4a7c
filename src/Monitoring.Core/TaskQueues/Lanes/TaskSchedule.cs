namespace Monitoring.TaskQueues.Lanes;

/// <summary>
/// Tasks whose time has not come: delayed ones, and failed ones between two attempts. Not thread-safe: the queue's lock
/// guards it. One timer, armed for the first of them.
/// </summary>
internal sealed class TaskSchedule(TimeProvider timeProvider, Action onDue) : IDisposable
{
    // Timers take no more; one that fires early is armed again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly PriorityQueue<BackgroundTask, (long Due, long Number)> _waiting = new();
    private long _number;

    // Made for the first task: most queues delay none.
    private ITimer? _timer;

    public int Count => _waiting.Count;

    /// <summary>Of these, tasks between two attempts.</summary>
    public int AwaitingRetry { get; private set; }

    /// <param name="task">The task.</param>
    /// <param name="delay">How long it is to wait.</param>
    public void Add(BackgroundTask task, TimeSpan delay)
    {
        var due = timeProvider.GetTimestamp() + (long)(delay.TotalSeconds * timeProvider.TimestampFrequency);
        _waiting.Enqueue(task, (due, _number++));
        AwaitingRetry += task.Attempt > 0 ? 1 : 0;
        if (ReferenceEquals(_waiting.Peek(), task))
        {
            Arm(due);
        }
    }

    /// <summary>Takes a task whose time has come, in the order of those times; null when there is none, and the timer is armed for the next.</summary>
    public BackgroundTask? TryTakeDue()
    {
        if (!_waiting.TryPeek(out var task, out var key))
        {
            return null;
        }

        if (key.Due > timeProvider.GetTimestamp())
        {
            Arm(key.Due);
            return null;
        }

        _waiting.Dequeue();
        AwaitingRetry -= task.Attempt > 0 ? 1 : 0;
        return task;
    }

    /// <summary>Takes everything that falls due later than <paramref name="delay"/> from now.</summary>
    public IReadOnlyList<BackgroundTask> TakeLater(TimeSpan delay)
    {
        var end = timeProvider.GetTimestamp() + (long)(delay.TotalSeconds * timeProvider.TimestampFrequency);
        var all = _waiting.UnorderedItems.ToArray();
        _waiting.Clear();
        _waiting.EnqueueRange(all.Where(item => item.Priority.Due <= end));
        AwaitingRetry = _waiting.UnorderedItems.Count(static item => item.Element.Attempt > 0);
        return [.. all.Where(item => item.Priority.Due > end).OrderBy(static item => item.Priority).Select(static item => item.Element)];
    }

    /// <summary>Takes everything.</summary>
    public IEnumerable<BackgroundTask> TakeAll()
    {
        var all = _waiting.UnorderedItems.OrderBy(static item => item.Priority).Select(static item => item.Element).ToArray();
        _waiting.Clear();
        AwaitingRetry = 0;
        return all;
    }

    public void Dispose() => _timer?.Dispose();

    private void Arm(long due)
    {
        if (_timer is null)
        {
            using (ExecutionContext.SuppressFlow())
            {
                _timer = timeProvider.CreateTimer(static state => ((Action)state!).Invoke(), onDue, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        var wait = timeProvider.GetElapsedTime(timeProvider.GetTimestamp(), due);

        // Rounded up: timers count milliseconds, and one that fires early would only be armed again.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 1, LongestWait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
