namespace Monitoring.Redis.Decorators;

/// <summary>
/// What one Execute of a batch or transaction sends: measured as one operation, from Execute to the last completion. It
/// failed when one of its commands did; a command that a transaction's condition cancelled did not fail. Thread-safe.
/// </summary>
internal sealed class PipelineRound(RedisFunnel funnel, RedisTarget target, RedisOperationRecorder recorder)
{
    private readonly Lock _lock = new();
    private readonly List<IQueuedCall> _calls = [];
    private readonly TaskCompletionSource<bool> _outcome = new();
    private Exception? _failure;
    private StartedCall _started;
    private int _queued;

    // One for Execute itself, so that commands that complete while it still sends do not end the round.
    private int _open = 1;
    private int _finished;

    /// <summary>Whether the options ask for it; decided once, so that a reload does not split a round.</summary>
    public bool IsRecorded { get; } = recorder.IsRecorded;

    /// <summary>Commands queued, those that were fired and forgotten included.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>Ends when the last command did, the way the round ended. For the circuit, when the round is its probe.</summary>
    public Task<bool> Outcome => _outcome.Task;

    /// <summary>Counts a command that nobody waits for.</summary>
    public void AddForgotten() => Interlocked.Increment(ref _queued);

    /// <summary>Counts a command whose task the caller holds.</summary>
    public void Add(IQueuedCall call)
    {
        Interlocked.Increment(ref _queued);
        Interlocked.Increment(ref _open);
        lock (_lock)
        {
            _calls.Add(call);
        }
    }

    /// <summary>Execute begins.</summary>
    public void Begin(bool guarded)
    {
        _started = funnel.Start(target, recorder, guarded);
        recorder.AddItems(Queued);
    }

    /// <summary>One command, or Execute itself, came to its end.</summary>
    public void Release(Exception? failure = null)
    {
        if (failure is not null)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }

        if (Interlocked.Decrement(ref _open) == 0)
        {
            Finish();
        }
    }

    /// <summary>Execute failed: what has not completed never will, so every such task fails with the same exception.</summary>
    public void Abandon(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        Finish();
        FailCalls(failure);
    }

    /// <summary>The circuit refused Execute: nothing was sent.</summary>
    public void Refuse(RedisCircuitOpenException refusal)
    {
        _started = funnel.Start(target, recorder, guarded: true);
        Abandon(refusal);
    }

    private void FailCalls(Exception failure)
    {
        IQueuedCall[] calls;
        lock (_lock)
        {
            calls = [.. _calls];
        }

        foreach (var call in calls)
        {
            call.Fail(failure);
        }
    }

    private void Finish()
    {
        if (Interlocked.Exchange(ref _finished, 1) == 1)
        {
            return;
        }

        if (Volatile.Read(ref _failure) is { } failure)
        {
            funnel.Failed(in _started, failure, Queued);
            _outcome.SetException(failure);
            _ = _outcome.Task.Exception;
        }
        else
        {
            funnel.Succeeded(in _started, Queued);
            _outcome.SetResult(true);
        }
    }
}
