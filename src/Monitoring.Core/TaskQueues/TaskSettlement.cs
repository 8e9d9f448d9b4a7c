using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues;

/// <summary>What is to become of a task after an attempt.</summary>
internal enum AttemptOutcome
{
    /// <summary>Done, given up or undone: this was the end of it.</summary>
    Settled,

    /// <summary>It waits for its next attempt.</summary>
    Scheduled,

    /// <summary>There is no room for another waiting retry: the worker itself waits and repeats it, which slows the failing down.</summary>
    RepeatHere,

    /// <summary>Somebody else has settled it.</summary>
    Ignored,
}

/// <summary>Decides about a task after each attempt, counts and logs it. Every accepted task is settled exactly once. Thread-safe.</summary>
internal sealed class TaskSettlement(
    TaskQueueOptions options, RetryBackoff backoff, RetrySchedule retries, QueueMonitor? monitor, ILogger logger, InternalErrors errors)
{
    private const int TypesInLog = 10;

    private readonly Lock _lock = new();
    private readonly List<BackgroundTask> _undone = [];

    /// <summary>Settles an attempt.</summary>
    /// <param name="task">The task.</param>
    /// <param name="elapsed">How long the attempt took.</param>
    /// <param name="error">What it threw.</param>
    /// <param name="end">What had happened to its token. Of no interest when the work was done nevertheless.</param>
    /// <param name="delay">Time until the next attempt, for <see cref="AttemptOutcome.RepeatHere"/>.</param>
    public AttemptOutcome Settle(BackgroundTask task, TimeSpan elapsed, Exception? error, AttemptEnd end, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        if (end == AttemptEnd.Abandoned)
        {
            return AttemptOutcome.Ignored;
        }

        if (error is null)
        {
            task.Lifecycle = TaskLifecycle.Finished;
            monitor?.OnCompleted(task, elapsed);
            return AttemptOutcome.Settled;
        }

        if (end == AttemptEnd.Stopped)
        {
            AddUndone(task);
            return AttemptOutcome.Settled;
        }

        var timedOut = end == AttemptEnd.TimedOut;
        if (task.Attempt >= options.MaxAttempts)
        {
            task.Lifecycle = TaskLifecycle.Finished;
            monitor?.OnFailed(task, elapsed, timedOut, deadLettered: true, error);
            LogFailure(task, error, timedOut, nextDelay: null);
            return AttemptOutcome.Settled;
        }

        delay = backoff.GetDelay(task.Attempt);
        monitor?.OnRetried(task, elapsed, timedOut, error);
        LogFailure(task, error, timedOut, delay);
        task.Lifecycle = TaskLifecycle.Returning;
        return retries.TrySchedule(task, delay) ? AttemptOutcome.Scheduled : AttemptOutcome.RepeatHere;
    }

    /// <summary>Settles a task as accepted but not done.</summary>
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

    /// <summary>Says at the end whether anything was left undone.</summary>
    public void LogStop()
    {
        var undone = GetUndone();
        if (undone.Count == 0)
        {
            LogGuarded(() => TaskQueueLog.Drained(logger));
            return;
        }

        var types = undone.CountBy(static task => task.TypeName).OrderByDescending(static type => type.Value).Take(TypesInLog);
        var text = string.Join(", ", types.Select(static type => $"{type.Value} × {type.Key}"));
        LogGuarded(() => TaskQueueLog.TasksUndone(logger, undone.Count, text));
    }

    private void LogFailure(BackgroundTask task, Exception error, bool timedOut, TimeSpan? nextDelay)
    {
        var reason = timedOut ? "its time was over" : "it threw";
        LogGuarded(() =>
        {
            if (nextDelay is { } delay)
            {
                TaskQueueLog.AttemptFailed(logger, task.TypeName, task.Id, task.Attempt, options.MaxAttempts, reason, delay.TotalSeconds, error);
            }
            else
            {
                TaskQueueLog.TaskFailed(logger, task.TypeName, task.Id, task.Attempt, reason, error);
            }
        });
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
