namespace Monitoring.TaskQueues;

/// <summary>Ways to enqueue.</summary>
public static class BackgroundTaskQueueExtensions
{
    /// <summary>
    /// Enqueues a delegate with normal priority: the method of Microsoft's "Queued background tasks" sample, so that code
    /// written against it moves over by changing a registration.
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="workItem">The work; its token is cancelled on timeout and at shutdown.</param>
    public static ValueTask QueueBackgroundWorkItemAsync(this IBackgroundTaskQueue queue, Func<CancellationToken, ValueTask> workItem)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var pending = queue.EnqueueAsync(BackgroundTask.Create(workItem), CancellationToken.None);
        return pending.IsCompletedSuccessfully ? Discard(pending.Result) : DiscardAsync(pending);

        static ValueTask Discard(EnqueueOutcome _) => ValueTask.CompletedTask;

        static async ValueTask DiscardAsync(ValueTask<EnqueueOutcome> pending) => await pending.ConfigureAwait(false);
    }

    /// <summary>Enqueues a message for the handler that <c>AddTaskHandler</c> registered.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="message">The message.</param>
    /// <param name="priority">How urgent it is.</param>
    /// <param name="cancellationToken">Ends the wait for a place.</param>
    /// <returns>What became of it; a duplicate was not accepted.</returns>
    /// <exception cref="InvalidOperationException">No handler is registered for the message.</exception>
    /// <inheritdoc cref="IBackgroundTaskQueue.EnqueueAsync" path="/exception"/>
    public static ValueTask<EnqueueOutcome> EnqueueAsync<TMessage>(
        this IBackgroundTaskQueue queue, TMessage message, TaskPriority priority = TaskPriority.Normal, CancellationToken cancellationToken = default)
        where TMessage : notnull
    {
        ArgumentNullException.ThrowIfNull(queue);
        return queue.EnqueueAsync(BackgroundTask.ForMessage(message, priority), cancellationToken);
    }
}
