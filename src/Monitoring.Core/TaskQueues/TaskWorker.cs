using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues;

/// <summary>
/// Takes one task after another and runs it. No exception ends it. Around a task that completes at once it allocates nothing.
/// </summary>
internal sealed class TaskWorker(
    IBackgroundTaskQueue source,
    QueueMonitor? monitor,
    TaskQueueOptions options,
    IServiceScopeFactory scopes,
    RetrySchedule retries,
    TaskSettlement settlement,
    TimeProvider timeProvider,
    InternalErrors errors,
    Action onSettled) : IDisposable
{
    private static readonly TimeSpan PauseAfterQueueError = TimeSpan.FromSeconds(1);

    private readonly double _ticksPerTimestamp = (double)TimeSpan.TicksPerSecond / timeProvider.TimestampFrequency;
    private long _settled;

    // The end of the last task, which is also the start of the next one if that waits already: a timestamp costs more than
    // everything else here. 0 when time may have passed since.
    private long _justEnded;

    public WorkerActivity Activity { get; } = new();

    public AttemptDeadline Deadline { get; } = new(timeProvider);

    /// <summary>Tasks that came to their end here.</summary>
    public long Settled => Volatile.Read(ref _settled);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (retries.TakeDue() is { } due)
                {
                    await RunAsync(due, timeProvider.GetTimestamp(), stopping).ConfigureAwait(false);
                    continue;
                }

                var pending = source.DequeueAsync(stopping);
                var justEnded = pending.IsCompleted ? _justEnded : 0;
                var task = await pending.ConfigureAwait(false);
                var started = justEnded != 0 ? justEnded : timeProvider.GetTimestamp();
                monitor?.OnDequeued(task, started);
                await RunAsync(task, started, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The queue's: what a task throws has been caught. A queue that keeps failing must not be asked in a tight loop.
                errors.Report("task-queue.dequeue", exception);
                await Task.Delay(PauseAfterQueueError, timeProvider, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public void Dispose() => Deadline.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RunAsync(BackgroundTask task, long started, CancellationToken stopping)
    {
        while (true)
        {
            task.Attempt++;
            Activity.Start(started);
            Exception? error = null;
            var token = Deadline.Begin(task, started + ToTimestampTicks(task.Timeout ?? options.TaskTimeout));
            try
            {
                await task.InvokeAsync(scopes, options.MaxAttempts, token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                error = exception;
            }

            var end = Deadline.End();
            var ended = timeProvider.GetTimestamp();
            Activity.Stop(ended);
            var outcome = settlement.Settle(task, GetElapsed(started, ended), error, end, out var delay);
            _justEnded = error is null ? ended : 0;
            if (outcome != AttemptOutcome.RepeatHere)
            {
                OnSettled(outcome);
                return;
            }

            await Task.Delay(delay, timeProvider, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
            {
                settlement.AddUndone(task);
                OnSettled(AttemptOutcome.Settled);
                return;
            }

            started = timeProvider.GetTimestamp();
        }
    }

    private void OnSettled(AttemptOutcome outcome)
    {
        if (outcome == AttemptOutcome.Settled)
        {
            Volatile.Write(ref _settled, _settled + 1);
            onSettled();
        }
    }

    private TimeSpan GetElapsed(long from, long to) => new((long)((to - from) * _ticksPerTimestamp));

    private long ToTimestampTicks(TimeSpan time) => (long)(time.Ticks / _ticksPerTimestamp);
}
