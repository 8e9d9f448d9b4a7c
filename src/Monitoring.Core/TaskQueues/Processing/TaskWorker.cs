using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.TaskQueues.Recording;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues.Processing;

/// <summary>What a worker is in its crew.</summary>
internal enum WorkerRole
{
    /// <summary>One of those that the settings ask for.</summary>
    Member,

    /// <summary>One too many: it leaves after its task.</summary>
    Leaving,

    /// <summary>It hangs in a stuck task and another one does its work: it leaves after its task.</summary>
    Replaced,
}

/// <summary>
/// Takes one task after another and runs it. No exception ends it. Around a task that completes at once it allocates nothing.
/// </summary>
internal sealed class TaskWorker : IDisposable
{
    private static readonly TimeSpan PauseAfterQueueError = TimeSpan.FromSeconds(1);

    private readonly IBackgroundTaskQueue _source;
    private readonly TaskSettlement _settlement;
    private readonly TypeLimits _limits;
    private readonly LiveSettings _settings;
    private readonly WorkerCrew _crew;
    private readonly QueueMonitor? _monitor;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _timeProvider;
    private readonly InternalErrors _errors;
    private readonly Action _onSettled;
    private readonly double _ticksPerTimestamp;

    // Ends the wait for a task. Renewed by the worker alone, and cancelled by whoever wants it to look around.
    private CancellationTokenSource _wait = new();
    private bool _leaving;
    private long _settled;

    // The end of the last task, which is also the start of the next one if that waits already: a timestamp costs more than
    // everything else here. 0 when time may have passed since.
    private long _justEnded;

    public TaskWorker(
        WorkerCrew crew,
        IBackgroundTaskQueue source,
        TaskSettlement settlement,
        TypeLimits limits,
        LiveSettings settings,
        QueueMonitor? monitor,
        IServiceScopeFactory scopes,
        TimeProvider timeProvider,
        InternalErrors errors,
        Action onSettled)
    {
        _crew = crew;
        _source = source;
        _settlement = settlement;
        _limits = limits;
        _settings = settings;
        _monitor = monitor;
        _scopes = scopes;
        _timeProvider = timeProvider;
        _errors = errors;
        _onSettled = onSettled;
        _ticksPerTimestamp = (double)TimeSpan.TicksPerSecond / timeProvider.TimestampFrequency;
        Deadline = new AttemptDeadline(timeProvider, task => crew.OnStuck(this, task));
    }

    public WorkerActivity Activity { get; } = new();

    public AttemptDeadline Deadline { get; }

    /// <summary>Tasks that came to their end here.</summary>
    public long Settled => Volatile.Read(ref _settled);

    /// <summary>Written and read under the crew's lock.</summary>
    public WorkerRole Role { get; set; }

    /// <summary>1 while its attempt is stuck; under the crew's lock. The two who change it may come in either order.</summary>
    public int StuckBalance { get; set; }

    public bool IsStuck => StuckBalance > 0;

    /// <summary>Set by the crew; completes when the worker has left.</summary>
    public Task Completion { get; set; } = Task.CompletedTask;

    public async Task RunAsync()
    {
        while (true)
        {
            try
            {
                if (_wait.IsCancellationRequested && !TryGoOn())
                {
                    if (_limits.HasReady)
                    {
                        // What became ready by the end of the task here, or was to be taken here, is another one's now.
                        _crew.WakeAll();
                    }

                    return;
                }

                if (_limits.TakeReady() is { } ready)
                {
                    await RunInPlaceAsync(ready, _timeProvider.GetTimestamp()).ConfigureAwait(false);
                    continue;
                }

                var pending = _source.DequeueAsync(_wait.Token);
                var justEnded = pending.IsCompleted ? _justEnded : 0;
                var task = await pending.ConfigureAwait(false);
                var started = justEnded != 0 ? justEnded : _timeProvider.GetTimestamp();
                if (_limits.IsActive)
                {
                    await RunIfAdmittedAsync(task, started).ConfigureAwait(false);
                }
                else
                {
                    await RunAsync(task, started).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (_wait.IsCancellationRequested)
            {
                // Woken; the top of the loop sees why.
            }
            catch (Exception exception)
            {
                // The queue's: what a task throws has been caught. A queue that keeps failing must not be asked in a tight loop.
                _errors.Report("task-queue.dequeue", exception);
                await Task.Delay(PauseAfterQueueError, _timeProvider, _wait.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Takes no further task. What it is at goes on.</summary>
    public void Leave()
    {
        Volatile.Write(ref _leaving, true);
        Wake();
    }

    /// <summary>Ends a wait for a task, if there is one now, or else the next one.</summary>
    public void Wake()
    {
        // Either the worker's new source is seen here, or the worker sees what was written before this.
        Interlocked.MemoryBarrier();
        _ = Volatile.Read(ref _wait).CancelAsync();
    }

    public void Dispose() => Deadline.Dispose();

    private bool TryGoOn()
    {
        Interlocked.Exchange(ref _wait, new CancellationTokenSource());
        return !Volatile.Read(ref _leaving);
    }

    private async ValueTask RunIfAdmittedAsync(BackgroundTask task, long started)
    {
        while (true)
        {
            switch (_limits.Enter(task, out var holdsPlace))
            {
                case TypeAdmission.Run when holdsPlace:
                    await RunInPlaceAsync(task, started).ConfigureAwait(false);
                    return;

                case TypeAdmission.Run:
                    await RunAsync(task, started).ConfigureAwait(false);
                    return;

                case TypeAdmission.Parked:
                    _justEnded = 0;
                    return;

                case TypeAdmission.Full when await _settlement.TryDeferAsync(task).ConfigureAwait(false):
                    _justEnded = 0;
                    return;

                case TypeAdmission.Full:
                    await Task.Delay(_settlement.DeferDelay, _timeProvider, _crew.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;

                default:
                    await ReturnAsync(task).ConfigureAwait(false);
                    return;
            }

            if (_crew.Stopping.IsCancellationRequested)
            {
                await ReturnAsync(task).ConfigureAwait(false);
                return;
            }

            started = _timeProvider.GetTimestamp();
        }
    }

    private async ValueTask RunInPlaceAsync(BackgroundTask task, long started)
    {
        try
        {
            await RunAsync(task, started).ConfigureAwait(false);
        }
        finally
        {
            _limits.Leave(task.TypeName);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RunAsync(BackgroundTask task, long started)
    {
        _monitor?.OnDequeued(task, started);
        while (true)
        {
            var settings = _settings.Current;
            task.Attempt++;
            var token = Deadline.Begin(task, started + ToTimestampTicks(settings.GetTimeout(task)), ToTimestampTicks(settings.StuckAfter));

            // Who is seen to be busy has a deadline.
            Activity.Start(started);
            Exception? error = null;
            try
            {
                await task.InvokeAsync(_scopes, settings.MaxAttempts, token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                error = exception;
            }

            var end = Deadline.End();
            var ended = _timeProvider.GetTimestamp();
            Activity.Stop(ended);
            if (end == AttemptEnd.Stuck)
            {
                _crew.OnUnstuck(this, task);
            }

            if (error is null && end != AttemptEnd.Abandoned)
            {
                var settling = _settlement.CompleteAsync(task, GetElapsed(started, ended));
                _justEnded = settling.IsCompleted ? ended : 0;
                await settling.ConfigureAwait(false);
                OnSettled();
                return;
            }

            _justEnded = 0;
            var (outcome, delay) = await _settlement.FailAsync(task, GetElapsed(started, ended), error, end, settings).ConfigureAwait(false);
            if (outcome == AttemptOutcome.Settled)
            {
                OnSettled();
            }

            if (outcome != AttemptOutcome.RepeatHere)
            {
                return;
            }

            await Task.Delay(delay, _timeProvider, _crew.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_crew.Stopping.IsCancellationRequested)
            {
                await ReturnAsync(task).ConfigureAwait(false);
                return;
            }

            started = _timeProvider.GetTimestamp();
        }
    }

    private async ValueTask ReturnAsync(BackgroundTask task)
    {
        await _settlement.ReturnAsync(task).ConfigureAwait(false);
        OnSettled();
    }

    private void OnSettled()
    {
        Volatile.Write(ref _settled, _settled + 1);
        _onSettled();
    }

    private TimeSpan GetElapsed(long from, long to) => new((long)((to - from) * _ticksPerTimestamp));

    private long ToTimestampTicks(TimeSpan time) => (long)(time.Ticks / _ticksPerTimestamp);
}
