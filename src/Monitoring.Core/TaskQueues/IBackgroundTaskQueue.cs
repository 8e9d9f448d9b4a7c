namespace Monitoring.TaskQueues;

/// <summary>
/// A queue of background work. Implementations are thread-safe. Tasks of one priority are taken in the order in which
/// they were accepted; the order between priorities is the implementation's.
/// </summary>
public interface IBackgroundTaskQueue
{
    /// <summary>Adds a task; waits for a place, or throws, when the queue is full, as the queue is configured.</summary>
    /// <param name="task">The task; each object can be enqueued once.</param>
    /// <param name="cancellationToken">Ends the wait for a place. An accepted task is not affected.</param>
    /// <returns>What became of it; a duplicate was not accepted.</returns>
    /// <exception cref="TaskQueueFullException">The queue is full and rejects.</exception>
    /// <exception cref="TaskQueueStoppedException">The queue has been stopped.</exception>
    /// <exception cref="InvalidOperationException">The task was enqueued before, or no handler is registered for its message.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the task was accepted.</exception>
    ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default);

    /// <summary>Adds a task if there is a place for it now.</summary>
    /// <param name="task">The task; each object can be enqueued once.</param>
    /// <returns>False when the queue is full or stopped, or the task is a duplicate: it was not accepted.</returns>
    /// <exception cref="InvalidOperationException">The task was enqueued before, or no handler is registered for its message.</exception>
    bool TryEnqueue(BackgroundTask task);

    /// <summary>Takes the next task, waiting until there is one. Await the result once: a task handed out is gone from the queue.</summary>
    /// <param name="cancellationToken">Ends the wait; no task is lost by it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled before a task was taken.</exception>
    ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken);

    /// <summary>Tasks waiting now. Asked about once a second by the monitor, so it has to be cheap.</summary>
    TaskQueueDepth GetDepth();
}
