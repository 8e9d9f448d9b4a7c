namespace Monitoring.TaskQueues.Processing;

/// <summary>
/// The time limit of one worker's attempts. One token source serves attempt after attempt until it is cancelled, and one
/// timer is armed at most once per timeout however many attempts begin and end meanwhile: an attempt costs one atomic
/// operation and no allocation.
/// </summary>
/// <remarks>
/// <c>_state</c> is 0 between attempts, the attempt's number while one runs, and a negative constant once it was cancelled.
/// The worker begins and ends; whoever cancels wins the state first with a compare-exchange on that very number, so the
/// token of a later attempt is never cancelled for an earlier one. Only the timer, under its lock, turns a number into
/// <c>TimedOut</c> and that into <c>Stuck</c>: so the attempt that it finds timed out is the one that it saw time out.
/// </remarks>
internal sealed class AttemptDeadline : IDisposable
{
    private const long Idle = 0;
    private const long TimedOut = -1;
    private const long Stopped = -2;
    private const long Abandoned = -3;
    private const long Stuck = -4;

    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private readonly Action<BackgroundTask> _onStuck;
    private readonly Lock _timerLock = new();

    // Written by the worker only, published by the write of _state.
    private CancellationTokenSource _source = new();
    private BackgroundTask? _task;
    private long _number;
    private long _deadline;
    private long _stuckAfter;

    private long _state;
    private bool _stopRequested;

    // When the timer will fire next. Written under the timer's lock; read without it by the worker.
    private long _armedFor = long.MaxValue;

    // When the attempt that has timed out counts as stuck; under the timer's lock.
    private long _stuckAt;

    /// <param name="timeProvider">Time.</param>
    /// <param name="onStuck">Told, without a lock, of the task whose attempt goes on although its time was over long ago.</param>
    public AttemptDeadline(TimeProvider timeProvider, Action<BackgroundTask> onStuck)
    {
        _timeProvider = timeProvider;
        _onStuck = onStuck;
        _timer = timeProvider.CreateTimer(static state => ((AttemptDeadline)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins an attempt; the worker's alone.</summary>
    /// <param name="task">The task.</param>
    /// <param name="deadline">The timestamp at which its time is over.</param>
    /// <param name="stuckAfter">How long after that it counts as stuck, in ticks of the timestamps.</param>
    /// <returns>The attempt's token, valid until the attempt ends.</returns>
    public CancellationToken Begin(BackgroundTask task, long deadline, long stuckAfter)
    {
        _task = task;
        _deadline = deadline;
        _stuckAfter = stuckAfter;

        // Either the timer and a stopping host see this attempt, or it sees what they wrote. The fence for both sides is
        // theirs, for all processors (MemoryBarrierProcessWide): they come once in a while, an attempt all the time.
        Volatile.Write(ref _state, ++_number);
        if (deadline < Volatile.Read(ref _armedFor))
        {
            Arm(deadline);
        }

        if (Volatile.Read(ref _stopRequested))
        {
            Cancel(_number, Stopped);
        }

        return _source.Token;
    }

    /// <summary>Ends the attempt; the worker's alone.</summary>
    public AttemptEnd End()
    {
        var state = Interlocked.Exchange(ref _state, Idle);
        if (state != Abandoned)
        {
            // Else whoever abandons it is about to read it.
            _task = null;
        }

        if (state > 0)
        {
            // Nobody has cancelled and nobody can any more. What was registered on the token ends with the attempt.
            if (!_source.TryReset())
            {
                _source = new CancellationTokenSource();
            }

            return AttemptEnd.Undisturbed;
        }

        // Not disposed: the cancellation may still be running its callbacks.
        _source = new CancellationTokenSource();
        return state switch
        {
            TimedOut => AttemptEnd.TimedOut,
            Stuck => AttemptEnd.Stuck,
            Stopped => AttemptEnd.Stopped,
            _ => AttemptEnd.Abandoned,
        };
    }

    /// <summary>Cancels the attempt that runs, and every one that begins from now on.</summary>
    public void Stop()
    {
        Volatile.Write(ref _stopRequested, true);
        Interlocked.MemoryBarrierProcessWide();
        var state = Volatile.Read(ref _state);
        if (state > 0)
        {
            Cancel(state, Stopped);
        }
    }

    /// <summary>Gives up on the attempt that runs, if one does; its outcome will be ignored.</summary>
    /// <returns>The task it was at; null when none runs.</returns>
    public BackgroundTask? Abandon()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state is Idle or Abandoned)
            {
                return null;
            }

            if (Interlocked.CompareExchange(ref _state, Abandoned, state) == state)
            {
                return Volatile.Read(ref _task);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        CancellationTokenSource? overdue;
        BackgroundTask? stuck;
        lock (_timerLock)
        {
            Volatile.Write(ref _armedFor, long.MaxValue);
            Interlocked.MemoryBarrierProcessWide();
            var state = Volatile.Read(ref _state);
            overdue = state > 0 ? TimeOutUnderLock(state) : null;
            stuck = state == TimedOut ? GetStuckUnderLock() : null;
        }

        // Callbacks are the task's code: they run on the pool, and what they throw is theirs.
        _ = overdue?.CancelAsync();
        if (stuck is not null)
        {
            _onStuck(stuck);
        }
    }

    private CancellationTokenSource? TimeOutUnderLock(long number)
    {
        var deadline = Volatile.Read(ref _deadline);
        var source = Volatile.Read(ref _source);
        var now = _timeProvider.GetTimestamp();
        if (deadline > now)
        {
            ArmUnderLock(deadline);
            return null;
        }

        // If what was read belongs to the next attempt already, the state has moved on too and this does nothing.
        var stuckAt = now + Volatile.Read(ref _stuckAfter);
        if (Interlocked.CompareExchange(ref _state, TimedOut, number) != number)
        {
            return null;
        }

        _stuckAt = stuckAt;
        ArmUnderLock(stuckAt);
        return source;
    }

    private BackgroundTask? GetStuckUnderLock()
    {
        if (_stuckAt > _timeProvider.GetTimestamp())
        {
            ArmUnderLock(_stuckAt);
            return null;
        }

        var task = Volatile.Read(ref _task);
        return Interlocked.CompareExchange(ref _state, Stuck, TimedOut) == TimedOut ? task : null;
    }

    private void Cancel(long number, long reason)
    {
        var source = Volatile.Read(ref _source);
        if (Interlocked.CompareExchange(ref _state, reason, number) == number)
        {
            // Callbacks are the task's code: they run on the pool, and what they throw is theirs.
            _ = source.CancelAsync();
        }
    }

    private void Arm(long deadline)
    {
        lock (_timerLock)
        {
            if (deadline < _armedFor)
            {
                ArmUnderLock(deadline);
            }
        }
    }

    private void ArmUnderLock(long deadline)
    {
        Volatile.Write(ref _armedFor, deadline);
        var wait = _timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), deadline);

        // Rounded up: timers count milliseconds, and one that fires early would only be armed again.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }
}
