using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Outbox;

/// <summary>
/// Tells every notifier what is new about the alerts, each through a channel of its own that compares what an alert is with
/// what the notifier was told. Thread-safe.
/// </summary>
internal sealed class AlertOutbox : IDisposable, IAsyncDisposable
{
    /// <summary>How long notices that wait have to get out once the monitor stops.</summary>
    public static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    private readonly AlertChannel[] _channels;
    private readonly TimeProvider _timeProvider;
    private readonly InternalErrors _errors;
    private readonly StateJournal _journal;
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _abandon;
    private int _disposed;

    public AlertOutbox(IEnumerable<IAlertNotifier> notifiers, AlertOptions options, TimeProvider timeProvider, InternalErrors errors, StateJournal journal)
    {
        _timeProvider = timeProvider;
        _errors = errors;
        _journal = journal;
        HashSet<string> names = new(StringComparer.Ordinal);
        _channels = [.. notifiers.Select(notifier => new AlertChannel(NameOf(notifier, names), notifier, options, timeProvider, errors, journal, NoteEscalated, _stopping.Token))];
    }

    /// <summary>Called, outside of every lock, when somebody was told of an alert because nobody had acknowledged it in time.</summary>
    public Action<Alert>? Escalated { get; set; }

    /// <summary>
    /// An alert fired, changed severity, was acknowledged, is kept quiet or no longer so, or is over. Called under the lock of
    /// the alerts, in the order of the changes: never throws, and waits for nobody's code.
    /// </summary>
    public void Changed(Alert alert)
    {
        if (Volatile.Read(ref _disposed) == 1)
        {
            return;
        }

        foreach (var channel in _channels)
        {
            channel.Changed(alert);
        }
    }

    /// <summary>Called after every evaluation.</summary>
    public void Tick()
    {
        foreach (var channel in _channels)
        {
            channel.Tick();
        }
    }

    public IReadOnlyList<AlertNotifierStatus> GetStatus() => [.. _channels.Select(static channel => channel.GetStatus())];

    /// <summary>What became, for each channel, of the news that this alert fired; empty when nothing is known of it any more.</summary>
    public IReadOnlyList<AlertDelivery> GetDeliveries(string alertId) =>
        [.. _channels.Select(channel => channel.Find(alertId)).OfType<AlertDelivery>()];

    /// <summary>Makes one attempt to deliver a test notice; false when no channel has that name. Throws what the notifier throws.</summary>
    public async Task<bool> TestAsync(string channel, CancellationToken cancellationToken)
    {
        if (Array.Find(_channels, candidate => candidate.Name == channel) is not { } found)
        {
            return false;
        }

        await found.TestAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Takes up what an earlier process has left in the store; called once, before the first change.</summary>
    /// <param name="active">The alerts that were active when it ended.</param>
    /// <param name="resolved">Those that were over, newest first.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask RestoreAsync(IReadOnlyList<Alert> active, IReadOnlyList<Alert> resolved, CancellationToken cancellationToken)
    {
        var deliveries = await _journal.ReadAsync(ChannelStore.DeliveryKind, cancellationToken).ConfigureAwait(false);
        var notices = await _journal.ReadAsync(ChannelStore.OutboxKind, cancellationToken).ConfigureAwait(false);
        foreach (var channel in _channels)
        {
            channel.Restore([.. active, .. resolved.Reverse()], deliveries, notices);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        foreach (var channel in _channels)
        {
            channel.Close();
        }

        // What is still under way after that is cancelled, whether or not somebody waits for it.
        _abandon = _timeProvider.CreateTimer(static outbox => ((AlertOutbox)outbox!).Abandon(), this, FlushTimeout, Timeout.InfiniteTimeSpan);
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        var channels = Task.WhenAll(_channels.Select(static channel => channel.Completion));
        try
        {
            // A notifier that ignores its token must not hold up the host's shutdown: the token's end is the wait's end.
            await channels.WaitAsync(_stopping.Token).ConfigureAwait(false);
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

    /// <summary>Returns when no channel does anything until the clock moves on, somebody tells it something, or its notifier answers.</summary>
    internal Task IdleAsync() => Task.WhenAll(_channels.Select(static channel => channel.IdleAsync()));

    private void Abandon()
    {
        foreach (var channel in _channels)
        {
            if (channel.GetStatus() is { Waiting: > 0 } status)
            {
                _errors.Report(
                    $"alerts.notifier.{status.Name}.undelivered",
                    new TimeoutException($"'{status.Name}' was not told of {status.Waiting} alerts before the monitor stopped; what the store keeps is told after the next start."));
            }
        }

        _stopping.Cancel();
    }

    private void NoteEscalated(Alert alert) => Escalated?.Invoke(alert);

    private static string NameOf(IAlertNotifier notifier, HashSet<string> names)
    {
        var name = notifier.Name;
        for (var number = 2; !names.Add(name); number++)
        {
            name = $"{notifier.Name}-{number}";
        }

        return name;
    }
}
