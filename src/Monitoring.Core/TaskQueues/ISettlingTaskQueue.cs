namespace Monitoring.TaskQueues;

/// <summary>
/// What the processor tells a queue about each task that it took from it; exactly one of these calls ends the task's time
/// with the worker. A queue without this forgets a task when it is taken. None of the calls throws because the queue's
/// server is away: the queue tries again by itself, or lets the task be delivered anew.
/// </summary>
internal interface ISettlingTaskQueue : IBackgroundTaskQueue
{
    /// <summary>The task is done.</summary>
    ValueTask CompleteAsync(BackgroundTask task);

    /// <summary>An attempt failed; the task comes back after <paramref name="delay"/>.</summary>
    /// <returns>False when there is no room for it: the task stays with the worker, which waits and repeats it.</returns>
    ValueTask<bool> TryRetryAsync(BackgroundTask task, TimeSpan delay);

    /// <summary>The task is given up.</summary>
    ValueTask DeadLetterAsync(BackgroundTask task, DeadLetter letter);

    /// <summary>The processor stops before the task is done.</summary>
    /// <returns>True when another process will do it; false when it is lost with this one, and is undone.</returns>
    ValueTask<bool> TryReturnAsync(BackgroundTask task);
}
