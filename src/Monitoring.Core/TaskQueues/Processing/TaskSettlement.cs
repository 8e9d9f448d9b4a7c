using Microsoft.Extensions.Logging;
using Monitoring.TaskQueues.Recording;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues.Processing;

/// <summary>What is to become of a task after a failed attempt.</summary>
internal enum AttemptOutcome
{
    /// <summary>Given up, undone or given back: this was the end of it here.</summary>
    Settled,

    /// <summary>It waits in the queue for its next attempt.</summary>
    Scheduled,

    /// <summary>There is no room for another waiting retry: the worker itself waits and repeats it, which slows the failing down.</summary>
    RepeatHere,

    /// <summary>Somebody else has settled it.</summary>
    Ignored,
}

/// <summary>
/// Decides about a task after each attempt, tells its queue, counts and logs it. A queue hears exactly once of each task that
/// was taken from it. Thread-safe.
/// </summary>
internal sealed class TaskSettlement(
    ISettlingTaskQueue queue,
    bool livesWithProcess,
    QueueMonitor? monitor,
    TimeProvider timeProvider,
    ILogger logger,
    InternalErrors errors)
{
    private const int TypesInLog = 10;

    private readonly Lock _lock = new();
    private readonly List<BackgroundTask> _undone = [];
    private long _drainEnd = long.MaxValue;
    private int _givenBack;
    private int _leftBehind;

    /// <summary>
    /// How long a task is deferred that finds too many parked ones of its type. In this process it comes back in time for those
    /// to be still at work; a queue of several processes offers it to another one before.
    /// </summary>
    public TimeSpan DeferDelay { get; } = livesWithProcess ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1);

    /// <summary>Settles a task that is done. Completes at once, without an allocation, if the queue does.</summary>
    public ValueTask CompleteAsync(BackgroundTask task, TimeSpan elapsed)
    {
        task.Lifecycle = TaskLifecycle.Finished;
        ValueTask pending;
        try
        {
            pending = queue.CompleteAsync(task);
        }
        catch (Exception exception)
        {
            errors.Report("task-queue.complete", exception);
            pending = default;
        }

        if (!pending.IsCompletedSuccessfully)
        {
            return FinishAsync(pending, task, elapsed);
        }

        // Asked for although there is none: a reusable source counts on it.
        pending.GetAwaiter().GetResult();
        monitor?.OnCompleted(task, elapsed);
        return default;
    }

    /// <summary>Settles an attempt that failed.</summary>
    /// <param name="task">The task.</param>
    /// <param name="elapsed">How long the attempt took.</param>
    /// <param name="error">What it threw; null only when it was abandoned.</param>
    /// <param name="end">What had happened to its token.</param>
    /// <param name="current">The settings that the attempt went by.</param>
    /// <returns>What becomes of it, and the time until the next attempt for <see cref="AttemptOutcome.RepeatHere"/>.</returns>
    public async ValueTask<(AttemptOutcome Outcome, TimeSpan Delay)> FailAsync(
        BackgroundTask task, TimeSpan elapsed, Exception? error, AttemptEnd end, ProcessorSettings current)
    {
        if (end == AttemptEnd.Abandoned || error is null)
        {
            return (AttemptOutcome.Ignored, default);
        }

        if (end == AttemptEnd.Stopped)
        {
            await ReturnAsync(task).ConfigureAwait(false);
            return (AttemptOutcome.Settled, default);
        }

        var timedOut = end is AttemptEnd.TimedOut or AttemptEnd.Stuck;
        monitor?.OnFailure(task, error, timedOut, current.CaptureStackTraces);
        if (task.Attempt >= current.MaxAttempts)
        {
            task.Lifecycle = TaskLifecycle.Finished;
            LogFailure(task, error, timedOut, current.MaxAttempts, nextDelay: null);
            await GuardAsync("task-queue.dead-letter", () => queue.DeadLetterAsync(task, LetterOf(task, error))).ConfigureAwait(false);
            monitor?.OnFailed(task, elapsed, timedOut, deadLettered: true, error);
            return (AttemptOutcome.Settled, default);
        }

        var delay = current.Backoff.GetDelay(task.Attempt);
        if (livesWithProcess && IsAfterDrain(delay))
        {
            // Nobody will be there by then. A queue that outlives the process keeps it for the next one.
            LogGuarded(() => TaskQueueLog.AttemptFailedAtStop(logger, task.TypeName, task.Id, task.Attempt, current.MaxAttempts, ReasonOf(timedOut), error));
            await ReturnAsync(task).ConfigureAwait(false);
            return (AttemptOutcome.Settled, default);
        }

        monitor?.OnRetried(task, elapsed, timedOut, error);
        LogFailure(task, error, timedOut, current.MaxAttempts, delay);
        if (await TryRetryAsync(task, delay).ConfigureAwait(false))
        {
            return (AttemptOutcome.Scheduled, default);
        }

        if (!IsAfterDrain(delay))
        {
            return (AttemptOutcome.RepeatHere, delay);
        }

        await ReturnAsync(task).ConfigureAwait(false);
        return (AttemptOutcome.Settled, default);
    }

    /// <summary>Gives a task back to the queue for a moment, unstarted.</summary>
    /// <returns>False when there is no room for it: it stays with the worker.</returns>
    public ValueTask<bool> TryDeferAsync(BackgroundTask task) => TryRetryAsync(task, DeferDelay);

    /// <summary>Settles a task that will not be done here any more.</summary>
    public async ValueTask ReturnAsync(BackgroundTask task)
    {
        var returned = false;
        await GuardAsync("task-queue.return", async () => returned = await queue.TryReturnAsync(task).ConfigureAwait(false)).ConfigureAwait(false);
        if (returned)
        {
            Interlocked.Increment(ref _givenBack);
        }
        else
        {
            AddUndone(task);
        }
    }

    /// <summary>Settles a task that still runs and that nobody waits for any longer.</summary>
    public async ValueTask AbandonAsync(BackgroundTask task)
    {
        if (livesWithProcess)
        {
            await ReturnAsync(task).ConfigureAwait(false);
        }
        else
        {
            // It is not given back while it runs: when this process has ended, its queue delivers it anew.
            Interlocked.Increment(ref _leftBehind);
        }
    }

    /// <summary>Counts a task as accepted but not done, without a word to its queue.</summary>
    public void AddUndone(BackgroundTask task)
    {
        lock (_lock)
        {
            _undone.Add(task);
        }

        monitor?.OnUndone();
    }

    public IReadOnlyList<BackgroundTask> GetUndone()
    {
        lock (_lock)
        {
            return [.. _undone];
        }
    }

    /// <summary>From now on a retry that would fall due after <paramref name="timeout"/> is not waited for.</summary>
    public void BeginDrain(TimeSpan timeout) =>
        Volatile.Write(ref _drainEnd, timeProvider.GetTimestamp() + (long)(timeout.TotalSeconds * timeProvider.TimestampFrequency));

    /// <summary>Says at the end whether anything was left undone.</summary>
    public void LogStop()
    {
        var undone = GetUndone();
        var (givenBack, leftBehind) = (Volatile.Read(ref _givenBack), Volatile.Read(ref _leftBehind));
        if (givenBack + leftBehind > 0)
        {
            LogGuarded(() => TaskQueueLog.TasksReturned(logger, givenBack, leftBehind));
        }

        if (undone.Count == 0)
        {
            LogGuarded(() => TaskQueueLog.Drained(logger));
            return;
        }

        var types = undone.CountBy(static task => task.TypeName).OrderByDescending(static type => type.Value).Take(TypesInLog);
        var text = string.Join(", ", types.Select(static type => $"{type.Value} × {type.Key}"));
        LogGuarded(() => TaskQueueLog.TasksUndone(logger, undone.Count, text));
    }

    private static string ReasonOf(bool timedOut) => timedOut ? "its time was over" : "it threw";

    private async ValueTask FinishAsync(ValueTask pending, BackgroundTask task, TimeSpan elapsed)
    {
        await GuardAsync("task-queue.complete", () => pending).ConfigureAwait(false);
        monitor?.OnCompleted(task, elapsed);
    }

    private async ValueTask<bool> TryRetryAsync(BackgroundTask task, TimeSpan delay)
    {
        task.Lifecycle = TaskLifecycle.Returning;
        var scheduled = false;
        await GuardAsync("task-queue.retry", async () => scheduled = await queue.TryRetryAsync(task, delay).ConfigureAwait(false)).ConfigureAwait(false);
        return scheduled;
    }

    private DeadLetter LetterOf(BackgroundTask task, Exception error)
    {
        var failure = ExceptionText.Of(error);
        return new DeadLetter
        {
            Id = task.Id,
            TypeName = task.TypeName,
            Priority = task.Priority,
            At = timeProvider.GetUtcNow(),
            Reason = DeadLetterReason.AttemptsExhausted,
            Attempts = task.Attempt,
            ExceptionType = failure.Type,
            Message = failure.Message,
        };
    }

    private bool IsAfterDrain(TimeSpan delay)
    {
        var end = Volatile.Read(ref _drainEnd);
        return end != long.MaxValue && timeProvider.GetTimestamp() + (delay.TotalSeconds * timeProvider.TimestampFrequency) >= end;
    }

    private void LogFailure(BackgroundTask task, Exception error, bool timedOut, int maxAttempts, TimeSpan? nextDelay)
    {
        var reason = ReasonOf(timedOut);
        LogGuarded(() =>
        {
            if (nextDelay is { } delay)
            {
                TaskQueueLog.AttemptFailed(logger, task.TypeName, task.Id, task.Attempt, maxAttempts, reason, delay.TotalSeconds, error);
            }
            else
            {
                TaskQueueLog.TaskFailed(logger, task.TypeName, task.Id, task.Attempt, reason, error);
            }
        });
    }

    private async ValueTask GuardAsync(string kind, Func<ValueTask> tell)
    {
        try
        {
            await tell().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A queue that breaks its promise not to throw must not end a worker, or lose the count of a task.
            errors.Report(kind, exception);
        }
    }

    private void LogGuarded(Action log)
    {
        try
        {
            log();
        }
        catch (Exception exception)
        {
            // A log provider that throws must not lose the task that it was to be told of.
            errors.Report("task-queue.log", exception);
        }
    }
}
