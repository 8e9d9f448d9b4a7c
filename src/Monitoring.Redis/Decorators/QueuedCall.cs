namespace Monitoring.Redis.Decorators;

/// <summary>A command in a batch or transaction that was not executed yet.</summary>
internal interface IQueuedCall
{
    /// <summary>Fails the caller's task unless it has completed.</summary>
    void Fail(Exception exception);
}

/// <summary>
/// The caller's task for one queued command. The inner task completes only if Execute reaches a server; ours completes in
/// any case once Execute was called, so that an open circuit does not leave its callers waiting for ever.
/// </summary>
internal class QueuedCall<T> : IQueuedCall
{
    private readonly TaskCompletionSource<T> _source;
    private readonly PipelineRound _round;
    private readonly Task _inner;

    public QueuedCall(PipelineRound round, Task inner, object? asyncState)
    {
        _round = round;
        _inner = inner;
        _source = new TaskCompletionSource<T>(asyncState);
        round.Add(this);
        inner.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Complete);
    }

    public Task<T> Task => _source.Task;

    public void Fail(Exception exception)
    {
        if (_source.TrySetException(exception))
        {
            _ = Task.Exception;
        }
    }

    /// <summary>The command was executed and did not fail.</summary>
    protected virtual void Executed()
    {
    }

    // The round is released first, so that whoever waits for the last task finds the round recorded.
    private void Complete()
    {
        _round.Release(_inner.IsFaulted ? _inner.Exception.InnerException : null);
        if (_inner.IsFaulted)
        {
            Fail(_inner.Exception.InnerException!);
        }
        else if (_inner.IsCanceled)
        {
            _source.TrySetCanceled(new TaskCanceledException(_inner).CancellationToken);
        }
        else
        {
            Executed();
            _source.TrySetResult(_inner is Task<T> typed ? typed.GetAwaiter().GetResult() : default!);
        }
    }
}

/// <summary>A queued command that counts what it did once it was executed. Apart, so that the others do not pay for it.</summary>
internal sealed class CountedCall<T>(PipelineRound round, Task inner, object? asyncState, Action executed) : QueuedCall<T>(round, inner, asyncState)
{
    protected override void Executed() => executed();
}
