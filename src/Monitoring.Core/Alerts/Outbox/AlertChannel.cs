using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Outbox;

/// <summary>
/// One notifier, its books and the task that tells it what is new, one notice at a time: a notifier that hangs or throws
/// holds up nobody else. One lock guards the books and what is shown of the channel; it is held for as long as it takes to
/// enter a change or to put a notice together, never while somebody else's code runs.
/// </summary>
internal sealed partial class AlertChannel
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly IAlertNotifier _notifier;
    private readonly AlertChannelOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly InternalErrors _errors;
    private readonly CancellationToken _stopping;
    private readonly ChannelClock _clock;
    private readonly ChannelStore _store;
    private readonly ChannelLedger _ledger;
    private readonly DeliveryPipeline _pipeline;
    private readonly Action<Alert> _escalated;
    private readonly ITimer _timer;

    // Completed under _lock, and replaced under it by the channel's task, which alone waits for it.
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guarded by _lock.
    private TimeSpan _wakesAt = TimeSpan.MinValue;
    private AlertNotifierStatus _shown;

    public AlertChannel(
        string name, IAlertNotifier notifier, AlertOptions options, TimeProvider timeProvider, InternalErrors errors, StateJournal journal,
        Action<Alert> escalated, CancellationToken stopping)
    {
        Name = name;
        _notifier = notifier;
        _options = notifier.Channel;
        _timeProvider = timeProvider;
        _errors = errors;
        _stopping = stopping;
        _escalated = escalated;
        _clock = new ChannelClock(timeProvider, NoteTimer);
        _store = new ChannelStore(name, journal, timeProvider, errors);
        _ledger = new ChannelLedger(name, _options, options, new Grouping(options), _store, timeProvider, NoteDigest);
        _pipeline = new DeliveryPipeline(_options, _clock, Wait);
        _shown = new AlertNotifierStatus { Name = name };

        // Whatever request happens to build the monitor, its context is not that of the notices.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = timeProvider.CreateTimer(static channel => ((AlertChannel)channel!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Completion = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    public string Name { get; }

    /// <summary>Ends when the channel was closed and is told everything, or was stopped. Never faults.</summary>
    public Task Completion { get; }

    /// <summary>Takes the newest version of an alert. Called under the lock of the alerts: neither throws nor waits for more than the books.</summary>
    public void Changed(Alert alert)
    {
        lock (_lock)
        {
            _ledger.Changed(alert, _clock.Now);
            WakeIfEarlierUnderLock();
        }
    }

    /// <summary>Wakes the channel if something is due that its timer has missed, as after the machine has slept.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            if (_phase == Phase.Waiting && _clock.Now >= _wakesAt)
            {
                SignalUnderLock();
            }
        }
    }

    public AlertNotifierStatus GetStatus()
    {
        lock (_lock)
        {
            var counts = _ledger.Counts;
            return _shown with
            {
                Fired = counts.Fired,
                Delivered = counts.Delivered,
                Suppressed = counts.Suppressed,
                Failed = counts.Failed,
                Pending = _ledger.CountPending(),
                Waiting = _ledger.CountWaiting(),
                Unfinished = _ledger.Unfinished,
                IsCircuitOpen = _pipeline.IsCircuitOpen,
                IsGone = _ledger.IsGone,
            };
        }
    }

    public AlertDelivery? Find(string alertId)
    {
        lock (_lock)
        {
            return _ledger.Find(alertId);
        }
    }

    /// <summary>Nothing further comes; what waits is told at once.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _ledger.IsClosing = true;
            SignalUnderLock();
        }
    }

    /// <summary>Makes one attempt to deliver a test notice, past everything else.</summary>
    public async Task TestAsync(CancellationToken cancellationToken)
    {
        var now = _timeProvider.GetUtcNow();
        var notice = new AlertNotice { Id = Guid.CreateVersion7(now).ToString("N"), CreatedAt = now, Group = new Dictionary<string, string>(), Entries = [], IsTest = true };
        using var timeout = new CancellationTokenSource(_options.Timeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken, _stopping);
        try
        {
            // Not even a notifier that ignores its token holds up whoever asks.
            await Task.Run(() => _notifier.NotifyAsync(notice, either.Token), CancellationToken.None).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new AlertDeliveryException(NoAnswer, exception);
        }
    }

    private string NoAnswer => $"No answer within {_options.Timeout.TotalSeconds:0.###} s.";

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (TakeDue() is { } notice)
                {
                    await DeliverAsync(notice).ConfigureAwait(false);
                }
                else if (IsDone())
                {
                    break;
                }
                else
                {
                    await _signal.Task.WaitAsync(_stopping).ConfigureAwait(false);
                    Resume();
                }
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                _errors.Report($"alerts.notifier.{Name}.outbox", exception);
                await Task.Delay(TimeSpan.FromSeconds(1), _timeProvider, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        SetPhase(Phase.Ended);
    }

    /// <summary>Takes the next notice; when there is none, everything is prepared to wait for the signal.</summary>
    private NoticeUnderWay? TakeDue()
    {
        lock (_lock)
        {
            var now = _clock.Now;
            if (_ledger.TakeDue(now) is { } notice)
            {
                _store.PutNotice(notice.Notice);
                if (notice.Digest is not null)
                {
                    _store.DeleteDigest();
                }

                return notice;
            }

            _wakesAt = _ledger.NextDue;
            if (_wakesAt <= now)
            {
                SignalUnderLock();
            }
            else if (_wakesAt < TimeSpan.MaxValue)
            {
                // Timers count whole milliseconds and drop the rest.
                var delay = TimeSpan.FromMilliseconds(Math.Ceiling((_wakesAt - now).TotalMilliseconds));
                _timer.Change(delay < LongestTimer ? delay : LongestTimer, Timeout.InfiniteTimeSpan);
            }

            SetPhaseUnderLock(Phase.Waiting);
            return null;
        }
    }

    private bool IsDone()
    {
        lock (_lock)
        {
            return _ledger.IsClosing && !_ledger.HasWaiting;
        }
    }

    private async Task DeliverAsync(NoticeUnderWay notice)
    {
        SetPhase(Phase.Busy);
        await _store.FlushAsync(_stopping).ConfigureAwait(false);
        var result = await _pipeline.DeliverAsync(token => AttemptAsync(notice.Notice, token), _stopping).ConfigureAwait(false);
        SetPhase(Phase.Busy);
        if (result.Outcome == NoticeOutcome.Stopped)
        {
            return;
        }

        IReadOnlyList<Alert> escalated;
        lock (_lock)
        {
            escalated = _ledger.Complete(notice, result, _clock.Now);
            _store.DeleteNotice();
            var delivered = result.Outcome == NoticeOutcome.Delivered;
            _shown = _shown with
            {
                Attempt = 0,
                NextAttemptAt = null,
                Notices = _shown.Notices + (delivered ? 1 : 0),
                LastSuccessAt = delivered ? _timeProvider.GetUtcNow() : _shown.LastSuccessAt,
            };
        }

        foreach (var alert in escalated)
        {
            _escalated(alert);
        }

        await _store.FlushAsync(_stopping).ConfigureAwait(false);
    }

    private async ValueTask<string?> AttemptAsync(AlertNotice notice, CancellationToken cancellationToken)
    {
        SetPhase(Phase.Busy);
        lock (_lock)
        {
            _shown = _shown with { Attempt = _shown.Attempt + 1, NextAttemptAt = null };
        }

        try
        {
            var call = _notifier.NotifyAsync(notice, cancellationToken);
            SetCall(call);
            return await call.ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A notifier's own timeout. Left as it is, it would pass for ours: the circuit takes no notice of those.
            Failed(NoAnswer, exception);
            throw new TimeoutException(exception.Message, exception);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            Failed(cancellationToken.IsCancellationRequested ? NoAnswer : Describe(exception), exception);
            throw;
        }
        finally
        {
            SetPhase(Phase.Busy);
        }
    }

    private void Failed(string what, Exception exception)
    {
        _errors.Report($"alerts.notifier.{Name}", exception);
        lock (_lock)
        {
            _shown = _shown with { FailedAttempts = _shown.FailedAttempts + 1, LastError = what, LastErrorAt = _timeProvider.GetUtcNow() };
        }
    }

    // Only notifiers of this house promise that what they throw has no secret in it, so others' messages are for the log alone.
    private static string Describe(Exception exception) =>
        exception is AlertDeliveryException ? AlertText.Name(exception.Message, LongestError) : exception.GetType().Name;

    private const int LongestError = 500;

    /// <summary>The pipeline is about to wait before another attempt.</summary>
    private void Wait(TimeSpan delay)
    {
        lock (_lock)
        {
            _shown = _shown with { NextAttemptAt = _timeProvider.GetUtcNow() + delay };
            SetPhaseUnderLock(Phase.Delaying);
        }
    }

    private void NoteDigest() => _store.PutDigest(() =>
    {
        lock (_lock)
        {
            return _ledger.GetDigest();
        }
    });

    private void Wake()
    {
        lock (_lock)
        {
            SignalUnderLock();
        }
    }

    private void WakeIfEarlierUnderLock()
    {
        if (_phase == Phase.Waiting && _ledger.NextDue < _wakesAt)
        {
            SignalUnderLock();
        }
    }

    private void SignalUnderLock() => _signal.TrySetResult();

    private void Resume()
    {
        lock (_lock)
        {
            _signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            SetPhaseUnderLock(Phase.Busy);
        }
    }
}
