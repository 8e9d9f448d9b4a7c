using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Outbox;

/// <summary>Hands every notice to every notifier, each through a queue and a task of its own.</summary>
internal sealed class AlertOutbox : IDisposable, IAsyncDisposable
{
    /// <summary>How long notices that wait have to get out once the monitor stops.</summary>
    public static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    private readonly NotifierPump[] _pumps;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _abandon;
    private int _disposed;

    public AlertOutbox(IEnumerable<IAlertNotifier> notifiers, AlertOptions options, TimeProvider timeProvider, InternalErrors errors, StateJournal journal)
    {
        _ = options;
        _ = journal;
        _timeProvider = timeProvider;
        _pumps = [.. notifiers.Select(notifier => new NotifierPump(notifier, timeProvider, errors, _stopping.Token))];
    }

    /// <summary>
    /// An alert fired, changed severity, was acknowledged, is kept quiet or no longer so, or is over. Called under the lock of
    /// the alerts, in the order of the changes: never waits and never throws.
    /// </summary>
    public void Changed(Alert alert)
    {
        foreach (var pump in _pumps)
        {
            pump.Enqueue(alert);
        }
    }

    /// <summary>Called after every evaluation.</summary>
    public void Tick()
    {
        foreach (var pump in _pumps)
        {
            pump.ReportDropped();
        }
    }

    public IReadOnlyList<AlertNotifierStatus> GetStatus() => [.. _pumps.Select(static pump => pump.GetStatus())];

    /// <summary>What became, for each channel, of the news that this alert fired; empty when nothing is known of it any more.</summary>
    public IReadOnlyList<AlertDelivery> GetDeliveries(string alertId)
    {
        _ = alertId;
        return [];
    }

    /// <summary>Makes one attempt to deliver a test notice; false when no channel has that name. Throws what the notifier throws.</summary>
    public Task<bool> TestAsync(string channel, CancellationToken cancellationToken)
    {
        _ = channel;
        _ = cancellationToken;
        return Task.FromResult(false);
    }

    /// <summary>Takes up what an earlier process has left in the journal; called once, before the first change.</summary>
    /// <param name="active">The alerts that were active when it ended.</param>
    /// <param name="resolved">Those that were over, newest first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask RestoreAsync(IReadOnlyList<Alert> active, IReadOnlyList<Alert> resolved, CancellationToken cancellationToken)
    {
        _ = active;
        _ = resolved;
        _ = cancellationToken;
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        foreach (var pump in _pumps)
        {
            pump.Complete();
        }

        // What is still under way after that is cancelled, whether or not somebody waits for it.
        _abandon = _timeProvider.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), _stopping, FlushTimeout, Timeout.InfiniteTimeSpan);
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        var pumps = Task.WhenAll(_pumps.Select(static pump => pump.Completion));
        try
        {
            // A notifier that ignores its token must not hold up the host's shutdown: the token's end is the wait's end.
            await pumps.WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (_abandon is { } abandon)
        {
            await abandon.DisposeAsync().ConfigureAwait(false);
        }
    }
}
