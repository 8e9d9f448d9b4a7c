using Monitoring.TaskQueues;

namespace Monitoring.Redis.Streams;

/// <summary>Workers that wait for a task, in the order in which they came. Thread-safe.</summary>
/// <remarks>A waiter is completed by whoever takes it off the list under the lock, and by nobody else: no task is handed to one that has gone.</remarks>
internal sealed class TaskWaiters(TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private bool _closed;

    /// <summary>Set when somebody comes.</summary>
    public Signal Demand { get; } = new(timeProvider);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    public Task<BackgroundTask> WaitAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<BackgroundTask>(cancellationToken);
        }

        var waiter = new Waiter(this, cancellationToken);
        lock (_lock)
        {
            if (_closed)
            {
                return Task.FromException<BackgroundTask>(new TaskQueueStoppedException());
            }

            _waiting.AddLast(waiter.Node);
        }

        waiter.Watch();
        Demand.Set();
        return waiter.Task;
    }

    /// <returns>False when nobody waits: the task stays with the caller.</returns>
    public bool TryHandOut(BackgroundTask task)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (_waiting.First is not { } first)
            {
                return false;
            }

            _waiting.Remove(first);
            waiter = first.Value;
        }

        waiter.SetResult(task);
        return true;
    }

    /// <summary>Turns everybody away, from now on too.</summary>
    public void Close()
    {
        Waiter[] left;
        lock (_lock)
        {
            _closed = true;
            left = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var waiter in left)
        {
            waiter.SetException(new TaskQueueStoppedException());
        }
    }

    private bool TryRemove(Waiter waiter)
    {
        lock (_lock)
        {
            var waits = waiter.Node.List is not null;
            if (waits)
            {
                _waiting.Remove(waiter.Node);
            }

            return waits;
        }
    }

    private sealed class Waiter : TaskCompletionSource<BackgroundTask>
    {
        private readonly TaskWaiters _waiters;
        private readonly CancellationToken _cancellationToken;
        private CancellationTokenRegistration _registration;

        public Waiter(TaskWaiters waiters, CancellationToken cancellationToken)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            (_waiters, _cancellationToken) = (waiters, cancellationToken);
            Node = new LinkedListNode<Waiter>(this);
        }

        public LinkedListNode<Waiter> Node { get; }

        public void Watch()
        {
            _registration = _cancellationToken.UnsafeRegister(static state => ((Waiter)state!).Cancel(), this);

            // Whoever was completed in between is not watched any more.
            _ = Task.ContinueWith(static (_, state) => ((Waiter)state!)._registration.Unregister(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        private void Cancel()
        {
            if (_waiters.TryRemove(this))
            {
                TrySetCanceled(_cancellationToken);
            }
        }
    }
}
