namespace Monitoring.TaskQueues;

/// <summary>Does the work that a message asks for. Resolved in a scope of its own for each attempt.</summary>
/// <typeparam name="TMessage">The message.</typeparam>
public interface ITaskHandler<in TMessage>
    where TMessage : notnull
{
    /// <summary>
    /// Handles one message. An exception makes the attempt fail; it is repeated until the attempts are used up, so the
    /// handler should be idempotent (<see cref="TaskContext.Id"/>).
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="context">The task that carries it.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the task's time is over or the host will not wait any longer. Valid until the handler's task ends.
    /// </param>
    ValueTask HandleAsync(TMessage message, TaskContext context, CancellationToken cancellationToken);
}
