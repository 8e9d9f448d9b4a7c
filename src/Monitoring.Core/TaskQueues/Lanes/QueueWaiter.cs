using System.Threading.Tasks.Sources;

namespace Monitoring.TaskQueues.Lanes;

/// <summary>
/// Somebody who waits for a task or, with a task in hand, for a place. Reused, so that a worker that idles between tasks
/// allocates nothing. Who takes it off its list, under the queue's lock, completes it, after the lock: so it is completed once.
/// </summary>
internal sealed class QueueWaiter : IValueTaskSource<BackgroundTask>, IValueTaskSource<EnqueueOutcome>
{
    private readonly BoundedTaskQueue _queue;
    private ManualResetValueTaskSourceCore<BackgroundTask> _source;
    private CancellationTokenRegistration _registration;
    private BackgroundTask? _given;
    private EnqueueOutcome _outcome;
    private Exception? _refusal;

    public QueueWaiter(BoundedTaskQueue queue)
    {
        _queue = queue;
        Node = new LinkedListNode<QueueWaiter>(this);

        // The one who hands over must not run what the waiter does next, least of all under its own locks.
        _source.RunContinuationsAsynchronously = true;
    }

    public LinkedListNode<QueueWaiter> Node { get; }

    /// <summary>The task that waits for a place; null when somebody waits for a task.</summary>
    public BackgroundTask? Offered { get; private set; }

    /// <summary>Whether somebody awaits it. A task that has fallen due waits for its place without anybody.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>Its turn among those who wait for a place; the queue's.</summary>
    public long Number { get; set; }

    /// <summary>Where it stands; the queue's.</summary>
    public int Line { get; set; }

    /// <summary>Links those that are to be completed once the lock is released.</summary>
    public QueueWaiter? NextCompleted { get; set; }

    public ValueTask<BackgroundTask> TaskValue => new(this, _source.Version);

    public ValueTask<EnqueueOutcome> PlaceValue => new(this, _source.Version);

    /// <summary>
    /// Starts the wait; called under the queue's lock, with the waiter on its list. The registration is made there so that
    /// whoever completes the waiter finds it set; a token that is cancelled just now calls back at once, and the lock is re-entrant.
    /// </summary>
    public void BeginUnderLock(BackgroundTask? offered, CancellationToken cancellationToken)
    {
        Offered = offered;
        IsAwaited = true;
        _registration = cancellationToken.UnsafeRegister(static (state, token) => ((QueueWaiter)state!).OnCanceled(token), this);
    }

    /// <summary>Lets a task that has fallen due wait; called under the queue's lock.</summary>
    public void BeginUnawaitedUnderLock(BackgroundTask offered) => Offered = offered;

    /// <summary>Takes back what <see cref="BeginUnawaitedUnderLock"/> began.</summary>
    public void EndUnawaitedUnderLock() => Offered = null;

    // What it is completed with is settled under the lock, and told after it.
    public void Give(BackgroundTask task) => _given = task;

    public void Answer(EnqueueOutcome outcome) => _outcome = outcome;

    public void Refuse(Exception refusal) => _refusal = refusal;

    /// <summary>Tells the one who waits; called without the lock, by the one who took it off its list.</summary>
    public void Complete()
    {
        if (_refusal is { } refusal)
        {
            _source.SetException(refusal);
        }
        else
        {
            _source.SetResult(_given ?? Offered!);
        }
    }

    BackgroundTask IValueTaskSource<BackgroundTask>.GetResult(short token) => GetResult(token);

    EnqueueOutcome IValueTaskSource<EnqueueOutcome>.GetResult(short token)
    {
        // Kept aside: afterwards it may already serve another wait.
        var outcome = _outcome;
        GetResult(token);
        return outcome;
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private BackgroundTask GetResult(short token)
    {
        // Asked too early, or by an awaiter of an earlier wait (which throws): refused before anything is touched.
        if (_source.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The result of a queue's ValueTask was asked for before it was there; await it instead.");
        }

        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            // Waits for a cancellation callback that is running, so none of it can reach the next use of this object.
            _registration.Dispose();
            _registration = default;
            Offered = null;
            IsAwaited = false;
            _given = null;
            _outcome = EnqueueOutcome.Accepted;
            _refusal = null;
            _source.Reset();
            _queue.Recycle(this);
        }
    }

    private void OnCanceled(CancellationToken token)
    {
        if (_queue.TryRemove(this))
        {
            Refuse(new OperationCanceledException(token));
            Complete();
        }
    }
}
