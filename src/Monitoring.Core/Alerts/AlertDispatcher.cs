using Monitoring.Telemetry;

namespace Monitoring.Alerts;

/// <summary>Hands every notice to every notifier, each through a queue and a task of its own.</summary>
internal sealed class AlertDispatcher : IDisposable, IAsyncDisposable
{
    /// <summary>How long notices that wait have to get out once the monitor stops.</summary>
    public static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    private readonly NotifierPump[] _pumps;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _abandon;
    private int _disposed;

    public AlertDispatcher(IEnumerable<IAlertNotifier> notifiers, AlertOptions options, TimeProvider timeProvider, InternalErrors errors)
    {
        _timeProvider = timeProvider;
        _pumps = [.. notifiers.Select(notifier => new NotifierPump(notifier, options, timeProvider, errors, _stopping.Token))];
    }

    /// <summary>Never waits and never throws.</summary>
    public void Enqueue(Alert alert)
    {
        foreach (var pump in _pumps)
        {
            pump.Enqueue(alert);
        }
    }

    /// <summary>Logs what found a queue full since the last call.</summary>
    public void ReportDropped()
    {
        foreach (var pump in _pumps)
        {
            pump.ReportDropped();
        }
    }

    public IReadOnlyList<AlertNotifierStatus> GetStatus() => [.. _pumps.Select(static pump => pump.GetStatus())];

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
