using Monitoring.Telemetry;

namespace Monitoring.Services;

/// <summary>
/// One service: asks it again and again, and hands on what comes of it. A turn of the timer arms the next one before it
/// asks, so a probe that never ends, or blocks its thread, stops nothing: the turns that find it still there count as
/// failures and ask nothing.
/// </summary>
/// <remarks>
/// <c>_lock</c> guards everything that changes; no code of the application is called under it. There is one
/// <see cref="Attempt"/> at a time: <c>_probe</c> is set by the turn that begins it and cleared when the application's task
/// has ended, however late. The same goes for <c>_recovery</c>.
/// </remarks>
internal sealed class WatchedService : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ServiceRecord _record;
    private readonly ServiceProbe _ask;
    private readonly ServiceProbeOptions _options;
    private readonly ServiceMonitor _monitor;
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private Attempt? _probe;
    private Attempt? _recovery;
    private bool _disposed;

    public WatchedService(ServiceMonitor monitor, string name, string kind, ServiceProbe ask, ServiceProbeOptions options, int historyCapacity)
    {
        _monitor = monitor;
        _timeProvider = monitor.TimeProvider;
        _ask = ask;
        _options = options;
        Name = name;
        Kind = kind;
        _record = new ServiceRecord(options, historyCapacity, _timeProvider.GetUtcNow());

        // Who adds it may be in the middle of a request: its identity and its trace are no part of the probes.
        using (ExecutionContext.IsFlowSuppressed() ? (AsyncFlowControl?)null : ExecutionContext.SuppressFlow())
        {
            _timer = _timeProvider.CreateTimer(static state => ((WatchedService)state!).OnTurn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public string Name { get; }

    public string Kind { get; }

    /// <summary>Begins to ask.</summary>
    public void Start() => _timer.Change(_options.InitialDelay, Timeout.InfiniteTimeSpan);

    public ServiceHealth GetHealth(TimeSpan window)
    {
        lock (_lock)
        {
            return _record.ToHealth(Name, Kind, _monitor.Elapsed, window);
        }
    }

    /// <summary>Status and why, as cheap as it gets.</summary>
    public (ServiceStatus Status, string? Description, bool IsOptional) GetStatus()
    {
        lock (_lock)
        {
            return (_record.Status, _record.Description, _options.IsOptional);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Attempt? probe, recovery;
        lock (_lock)
        {
            _disposed = true;
            (probe, recovery) = (_probe, _recovery);
        }

        probe?.Cancel(_monitor.Errors);
        recovery?.Cancel(_monitor.Errors);
    }

    private void OnTurn()
    {
        try
        {
            var jitter = _options.Interval * (_options.JitterPercent / 100 * Random.Shared.NextDouble());
            _timer.Change(_options.Interval + jitter, Timeout.InfiniteTimeSpan);
            Attempt? attempt = null;
            Change? change = null;
            lock (_lock)
            {
                if (_disposed)
                {
                    return;
                }

                if (_probe is null)
                {
                    _probe = attempt = new Attempt(_timeProvider.GetTimestamp());
                }
                else if (_timeProvider.GetElapsedTime(_probe.StartedAt) >= _options.Timeout)
                {
                    // It was given up before, or blocks the thread that began it.
                    _probe.IsGivenUp = true;
                    change = RecordUnderLock(ServiceProbeResult.Critical(TimedOut(_options.Timeout, " and has not ended since")), _options.Timeout);
                }
            }

            if (attempt is not null)
            {
                _ = ProbeAsync(attempt);
            }

            Follow(change);
        }
        catch (Exception exception)
        {
            // A timer's exception would end the process.
            _monitor.Errors.Report("service probe", exception);
        }
    }

    private async Task ProbeAsync(Attempt attempt)
    {
        try
        {
            var (result, error, inTime) = await RunAsync(attempt, _options.Timeout, token => _ask(token)).ConfigureAwait(false);
            var took = _timeProvider.GetElapsedTime(attempt.StartedAt);
            if (!inTime)
            {
                result = ServiceProbeResult.Critical(TimedOut(_options.Timeout));
            }
            else if (error is not null)
            {
                result = ServiceProbeResult.Critical(ErrorText.Of(error));
            }

            Change? change = null;
            lock (_lock)
            {
                if (attempt.IsEnded)
                {
                    _probe = null;
                }

                // A turn that found it overdue has recorded it already.
                if (!attempt.IsGivenUp && !_disposed)
                {
                    attempt.IsGivenUp = !inTime;
                    change = RecordUnderLock(result with { Description = ErrorText.Clean(result.Description) }, took);
                }
            }

            Follow(change);
            await attempt.Ended.ConfigureAwait(false);
            lock (_lock)
            {
                _probe = _probe == attempt ? null : _probe;
            }
        }
        catch (Exception exception)
        {
            _monitor.Errors.Report("service probe", exception);
        }
    }

    private Change RecordUnderLock(ServiceProbeResult result, TimeSpan took)
    {
        var transition = _record.Add(result, took, _monitor.Elapsed, _timeProvider.GetUtcNow());
        Attempt? recovery = null;
        var number = 0;
        if (_recovery is null && _options.Recover is not null && _record.TryBeginRecovery(_monitor.Elapsed, out number))
        {
            _recovery = recovery = new Attempt(_timeProvider.GetTimestamp());
        }

        return new Change(transition, recovery, number, _record.LastError);
    }

    private void Follow(Change? change)
    {
        if (change?.Transition is { } transition)
        {
            _monitor.OnTransition(this, transition, _options.IsOptional);
        }

        if (change?.Recovery is { } recovery)
        {
            _ = RecoverAsync(recovery, new ServiceRecovery(Name, change.Number, change.Error) { Services = _monitor.Provider });
        }
    }

    private async Task RecoverAsync(Attempt attempt, ServiceRecovery recovery)
    {
        try
        {
            var at = _timeProvider.GetUtcNow();
            var (_, error, inTime) = await RunAsync(attempt, _options.RecoveryTimeout, async token =>
            {
                await _options.Recover!(recovery, token).ConfigureAwait(false);
                return ServiceProbeResult.Healthy;
            }).ConfigureAwait(false);
            var done = new ServiceRecoveryAttempt(
                at,
                recovery.Attempt,
                !inTime ? ServiceRecoveryOutcome.TimedOut : error is null ? ServiceRecoveryOutcome.Completed : ServiceRecoveryOutcome.Failed,
                _timeProvider.GetElapsedTime(attempt.StartedAt),
                !inTime ? $"It did not end within {ServiceRecord.Text(_options.RecoveryTimeout)}." : error is null ? null : ErrorText.Of(error));
            lock (_lock)
            {
                _record.AddRecovery(done);
                if (attempt.IsEnded)
                {
                    _recovery = null;
                }
            }

            _monitor.OnRecovery(this, done, _options.RecoveryAttempts);
            await attempt.Ended.ConfigureAwait(false);
            lock (_lock)
            {
                _recovery = _recovery == attempt ? null : _recovery;
            }
        }
        catch (Exception exception)
        {
            _monitor.Errors.Report("service recovery", exception);
        }
    }

    /// <summary>Runs code of the application and returns when it has ended or its time is over, whichever is first.</summary>
    private async Task<(ServiceProbeResult Result, Exception? Error, bool InTime)> RunAsync(Attempt attempt, TimeSpan timeout, Func<CancellationToken, ValueTask<ServiceProbeResult>> run)
    {
        // Not the source's own timer: what a callback of the application throws there would end the process. One timer says that
        // the time is over and cancels: two would not agree, and either may be a little ahead of the timestamps.
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = _timeProvider.CreateTimer(
            _ =>
            {
                over.SetResult();
                attempt.Cancel(_monitor.Errors);
            },
            null,
            timeout,
            Timeout.InfiniteTimeSpan);
        Task<ServiceProbeResult> task;
        try
        {
            task = run(attempt.Token).AsTask();
        }
        catch (Exception exception)
        {
            task = Task.FromException<ServiceProbeResult>(exception);
        }

        attempt.Track(task);
        await Task.WhenAny(task, over.Task).ConfigureAwait(false);
        var answered = task.IsCompletedSuccessfully && _timeProvider.GetElapsedTime(attempt.StartedAt) < timeout;
        if (over.Task.IsCompleted && !answered)
        {
            return (default, null, false);
        }

        try
        {
            return (await task.ConfigureAwait(false), null, true);
        }
        catch (Exception exception)
        {
            return (default, exception, true);
        }
    }

    private static string TimedOut(TimeSpan timeout, string more = "") => $"It did not answer within {ServiceRecord.Text(timeout)}{more}.";

    private sealed record Change(ServiceTransition? Transition, Attempt? Recovery, int Number, string? Error);
}
