using Microsoft.Extensions.Logging;
using Monitoring.TaskQueues.Recording;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues.Processing;

/// <summary>
/// The workers of a processor: as many as the settings say, and for each that hangs in a stuck task a new one, up to a
/// limit. Thread-safe.
/// </summary>
/// <remarks>
/// One method decides who is to come and who is to go, under one lock, whenever something has changed. A worker is never
/// torn from its task: it is told to leave, and does so after it. A replaced worker takes up its place in the limit until
/// it has left, so there are never more than <c>Workers + MaxStuckTasks</c> beside those that are leaving.
/// </remarks>
internal sealed class WorkerCrew(
    LiveSettings settings, WorkerPool pool, Func<WorkerCrew, TaskWorker> create, ILogger logger, InternalErrors errors) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<TaskWorker> _workers = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _started;
    private bool _dismissed;
    private long _settledByGone;

    /// <summary>Cancelled when nothing is waited for any longer.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Completes when the crew was dismissed and its last worker has left.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Tasks that came to their end with these workers.</summary>
    public long GetSettled()
    {
        lock (_lock)
        {
            return _settledByGone + _workers.Sum(static worker => worker.Settled);
        }
    }

    public void Start()
    {
        lock (_lock)
        {
            _started = true;
            AdjustUnderLock();
        }
    }

    /// <summary>Brings the crew to the number that the settings say.</summary>
    public void Adjust()
    {
        lock (_lock)
        {
            AdjustUnderLock();
        }
    }

    /// <summary>Lets every worker that waits for a task look around once.</summary>
    public void WakeAll()
    {
        foreach (var worker in GetWorkers())
        {
            worker.Wake();
        }
    }

    /// <summary>No worker takes another task.</summary>
    public void Dismiss()
    {
        TaskWorker[] workers;
        lock (_lock)
        {
            _dismissed = true;
            workers = [.. _workers];
            CompleteIfGoneUnderLock();
        }

        foreach (var worker in workers)
        {
            worker.Leave();
        }
    }

    /// <summary>Cancels what runs.</summary>
    public void Stop()
    {
        Dismiss();
        _ = _stopping.CancelAsync();
        foreach (var worker in GetWorkers())
        {
            worker.Deadline.Stop();
        }
    }

    /// <summary>Gives up on the attempts that still run; their outcome will be ignored.</summary>
    /// <returns>Their tasks, and the workers that have none to give up and will be gone in a moment.</returns>
    public (IReadOnlyList<BackgroundTask> Tasks, Task Others) Abandon()
    {
        List<BackgroundTask> tasks = [];
        List<Task> rest = [];
        foreach (var worker in GetWorkers())
        {
            if (worker.Deadline.Abandon() is { } task)
            {
                tasks.Add(task);
            }
            else
            {
                rest.Add(worker.Completion);
            }
        }

        return (tasks, Task.WhenAll(rest));
    }

    /// <summary>A worker's attempt goes on long after it was cancelled.</summary>
    public void OnStuck(TaskWorker worker, BackgroundTask task)
    {
        int stuck;
        bool replaced;
        lock (_lock)
        {
            // The attempt may end just now, and its worker may have come first.
            if (++worker.StuckBalance != 1)
            {
                return;
            }

            AdjustUnderLock();
            stuck = pool.Stuck;
            replaced = worker.Role == WorkerRole.Replaced;
        }

        Log(() => TaskQueueLog.TaskStuck(
            logger, task.TypeName, task.Id, settings.Current.StuckAfter.TotalSeconds, replaced ? "was replaced" : "could not be replaced", stuck));
    }

    /// <summary>A stuck attempt has ended.</summary>
    public void OnUnstuck(TaskWorker worker, BackgroundTask task)
    {
        lock (_lock)
        {
            worker.StuckBalance--;
            AdjustUnderLock();
        }

        Log(() => TaskQueueLog.StuckTaskEnded(logger, task.TypeName, task.Id));
    }

    public void Dispose()
    {
        foreach (var worker in GetWorkers())
        {
            worker.Dispose();
        }
    }

    private TaskWorker[] GetWorkers()
    {
        lock (_lock)
        {
            return [.. _workers];
        }
    }

    private void AdjustUnderLock()
    {
        if (_started && !_dismissed)
        {
            var target = settings.Current;
            var replaced = _workers.Count(static worker => worker.Role == WorkerRole.Replaced);
            foreach (var worker in _workers.Where(static worker => worker is { Role: WorkerRole.Member, IsStuck: true }).Take(Math.Max(0, target.MaxStuckTasks - replaced)))
            {
                worker.Role = WorkerRole.Replaced;
                worker.Leave();
            }

            var members = _workers.Where(static worker => worker.Role == WorkerRole.Member).ToArray();
            foreach (var surplus in members.OrderBy(static worker => worker.IsStuck ? 0 : worker.Activity.IsBusy ? 2 : 1).Take(members.Length - target.Workers))
            {
                surplus.Role = WorkerRole.Leaving;
                surplus.Leave();
            }

            for (var missing = target.Workers - members.Length; missing > 0; missing--)
            {
                StartOneUnderLock();
            }
        }

        pool.Activities = [.. _workers.Where(static worker => worker.Role != WorkerRole.Replaced).Select(static worker => worker.Activity)];
        pool.Stuck = _workers.Count(static worker => worker.IsStuck);
        pool.Replaced = _workers.Count(static worker => worker.Role == WorkerRole.Replaced);
    }

    private void StartOneUnderLock()
    {
        // What is ambient where the host starts or settings change (an activity, a culture) must not become the tasks'.
        var suppressed = ExecutionContext.IsFlowSuppressed();
        var flow = suppressed ? default : ExecutionContext.SuppressFlow();
        try
        {
            var worker = create(this);
            _workers.Add(worker);
            worker.Completion = Task.Run(() => RunAsync(worker), CancellationToken.None);
        }
        finally
        {
            if (!suppressed)
            {
                flow.Undo();
            }
        }
    }

    private async Task RunAsync(TaskWorker worker)
    {
        try
        {
            await worker.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _workers.Remove(worker);
                _settledByGone += worker.Settled;
                AdjustUnderLock();
                CompleteIfGoneUnderLock();
            }

            worker.Dispose();
        }
    }

    private void CompleteIfGoneUnderLock()
    {
        if (_dismissed && _workers.Count == 0)
        {
            _gone.TrySetResult();
        }
    }

    private void Log(Action log)
    {
        try
        {
            log();
        }
        catch (Exception exception)
        {
            errors.Report("task-queue.log", exception);
        }
    }
}
