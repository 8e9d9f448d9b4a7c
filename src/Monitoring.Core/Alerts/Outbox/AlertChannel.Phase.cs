namespace Monitoring.Alerts.Outbox;

// What the task of the channel is doing: by it a test knows that nothing will happen until the clock moves on.
internal sealed partial class AlertChannel
{
    private enum Phase
    {
        Busy,

        /// <summary>Nothing is due before <c>_wakesAt</c>.</summary>
        Waiting,

        /// <summary>A notifier has been called and has not answered yet.</summary>
        Calling,

        /// <summary>Before another attempt.</summary>
        Delaying,

        Ended,
    }

    // Guarded by _lock.
    private Phase _phase;
    private TimeSpan _timerFiresAt;
    private Task? _call;
    private TaskCompletionSource? _phaseChanged;

    /// <summary>Returns when the channel does nothing until the clock moves on, somebody tells it something, or its notifier answers.</summary>
    internal async Task IdleAsync()
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (IsIdleUnderLock())
                {
                    return;
                }

                _phaseChanged ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _phaseChanged.Task;
            }

            await changed.ConfigureAwait(false);
        }
    }

    private bool IsIdleUnderLock() => _phase switch
    {
        Phase.Waiting => !_signal.Task.IsCompleted && _clock.Now < _wakesAt,
        Phase.Calling => !_call!.IsCompleted && _clock.Now < _timerFiresAt,
        Phase.Delaying => _clock.Now < _timerFiresAt,
        Phase.Ended => true,
        _ => false,
    };

    private void SetPhase(Phase phase)
    {
        lock (_lock)
        {
            SetPhaseUnderLock(phase);
        }
    }

    private void SetPhaseUnderLock(Phase phase)
    {
        _phase = phase;
        if (phase == Phase.Delaying)
        {
            // Not idle until the timer of the delay is set.
            _timerFiresAt = TimeSpan.MinValue;
        }

        ObserveUnderLock();
    }

    private void SetCall(Task call)
    {
        lock (_lock)
        {
            _call = call;
            SetPhaseUnderLock(Phase.Calling);
        }
    }

    /// <summary>A timer of the pipeline is set: that of an attempt's timeout, or that of a delay.</summary>
    private void NoteTimer(TimeSpan firesAt)
    {
        lock (_lock)
        {
            _timerFiresAt = firesAt;
            ObserveUnderLock();
        }
    }

    private void ObserveUnderLock()
    {
        _phaseChanged?.TrySetResult();
        _phaseChanged = null;
    }
}
