using System.Threading.Channels;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Outbox;

/// <summary>
/// Delivers notices to one notifier in their order, one at a time, on a task of its own: a notifier that hangs or throws
/// holds up nobody else. Its queue is bounded; what finds it full is dropped, counted and logged.
/// </summary>
internal sealed class NotifierPump
{
    private readonly Channel<Alert> _channel;
    private readonly IAlertNotifier _notifier;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _timeProvider;
    private readonly InternalErrors _errors;
    private readonly CancellationToken _stopping;
    private readonly string _name;
    private long _delivered;
    private long _failed;
    private long _dropped;
    private long _reportedDropped;

    public NotifierPump(IAlertNotifier notifier, TimeProvider timeProvider, InternalErrors errors, CancellationToken stopping)
    {
        _notifier = notifier;
        _timeout = notifier.Channel.Timeout;
        _timeProvider = timeProvider;
        _errors = errors;
        _stopping = stopping;
        _name = notifier.Name;
        _channel = Channel.CreateBounded<Alert>(new BoundedChannelOptions(notifier.Channel.BacklogCapacity) { SingleReader = true });

        // Whatever request happens to build the monitor, its context is not that of the notices.
        using (ExecutionContext.SuppressFlow())
        {
            Completion = Task.Run(PumpAsync, CancellationToken.None);
        }
    }

    /// <summary>Ends when the queue was completed and is empty, or delivery was stopped. Never faults.</summary>
    public Task Completion { get; }

    /// <summary>Never waits, throws or logs: it is called under the lock of the alerts.</summary>
    public void Enqueue(Alert alert)
    {
        if (!_channel.Writer.TryWrite(alert))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Logs what was dropped since the last call; for the evaluation, which is one thread at a time.</summary>
    public void ReportDropped()
    {
        var dropped = Volatile.Read(ref _dropped);
        if (dropped > _reportedDropped)
        {
            _errors.Report($"alerts.notifier.{_name}.overflow", new InvalidOperationException($"The queue of the notifier '{_name}' is full; notices dropped so far: {dropped}."));
            _reportedDropped = dropped;
        }
    }

    public void Complete() => _channel.Writer.TryComplete();

    public AlertNotifierStatus GetStatus() => new() { Name = _name, Delivered = Volatile.Read(ref _delivered), FailedAttempts = Volatile.Read(ref _failed), Pending = _channel.Reader.Count };

    private async Task PumpAsync()
    {
        while (await _channel.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            while (!_stopping.IsCancellationRequested && _channel.Reader.TryRead(out var alert))
            {
                await DeliverAsync(alert).ConfigureAwait(false);
            }

            if (_stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task DeliverAsync(Alert alert)
    {
        using var timeout = new CancellationTokenSource(_timeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping);
        try
        {
            await _notifier.NotifyAsync(NoticeOf(alert), either.Token).ConfigureAwait(false);
            Interlocked.Increment(ref _delivered);
        }
        catch (Exception exception)
        {
            Interlocked.Increment(ref _failed);
            _errors.Report($"alerts.notifier.{_name}", exception);
        }
    }

    private AlertNotice NoticeOf(Alert alert)
    {
        var now = _timeProvider.GetUtcNow();
        var reason = alert.State == AlertState.Resolved ? AlertNoticeReason.Resolved : alert.PreviousSeverity is null ? AlertNoticeReason.Firing : AlertNoticeReason.SeverityChanged;
        return new AlertNotice
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            CreatedAt = now,
            Group = new Dictionary<string, string> { ["alertname"] = alert.Rule },
            Entries = [new AlertNoticeEntry(alert, reason)],
        };
    }
}
