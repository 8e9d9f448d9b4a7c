using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues;

/// <summary>
/// Takes one task after another and runs it. No exception ends it. Around a task that completes at once it allocates nothing.
/// </summary>
internal sealed class TaskWorker(
    IBackgroundTaskQueue queue,
    TaskQueueOptions options,
    IServiceScopeFactory scopes,
    RetrySchedule retries,
    TaskSettlement settlement,
    TimeProvider timeProvider,
    InternalErrors errors,
    Action onSettled) : IDisposable
{
    private static readonly TimeSpan PauseAfterQueueError = TimeSpan.FromSeconds(1);

    private readonly double _timestampTicksPerTick = (double)timeProvider.TimestampFrequency / TimeSpan.TicksPerSecond;
    private long _settled;

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
                var task = retries.TakeDue() ?? await queue.DequeueAsync(stopping).ConfigureAwait(false);
                await RunAsync(task, stopping).ConfigureAwait(false);
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
    private async ValueTask RunAsync(BackgroundTask task, CancellationToken stopping)
    {
        while (true)
        {
            // The queue's timestamp, if it has just been taken; it is good for one attempt.
            var started = task.DequeuedTimestamp != 0 ? task.DequeuedTimestamp : timeProvider.GetTimestamp();
            task.DequeuedTimestamp = 0;
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
            var outcome = settlement.Settle(task, timeProvider.GetElapsedTime(started, ended), error, end, out var delay);
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

    private long ToTimestampTicks(TimeSpan time) => (long)(time.Ticks * _timestampTicksPerTick);
}
