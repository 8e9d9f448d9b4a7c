namespace Monitoring.TaskQueues;

/// <summary>
/// What can be done to a queue of this library beside putting in and taking out: in code, and by its name through the API
/// and the command line. Implementations are thread-safe.
/// </summary>
public interface IManagedTaskQueue : IBackgroundTaskQueue
{
    /// <summary>Name under which it is monitored.</summary>
    string Name { get; }

    /// <summary>Whether it hands out nothing.</summary>
    bool IsPaused { get; }

    /// <summary>Hands out nothing more until it is resumed. What runs goes on; what is enqueued is accepted and waits.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask PauseAsync(CancellationToken cancellationToken = default);

    /// <summary>Hands out tasks again.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask ResumeAsync(CancellationToken cancellationToken = default);

    /// <summary>The dead letters it keeps, newest first.</summary>
    /// <param name="count">How many at most. 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<IReadOnlyList<DeadLetter>> GetDeadLettersAsync(int count = 100, CancellationToken cancellationToken = default);

    /// <summary>Enqueues dead letters again, with all their attempts before them, as far as there is a place for them now.</summary>
    /// <param name="id">Which one; null for all.</param>
    /// <param name="cancellationToken">Ends the call; what was enqueued by then stays enqueued.</param>
    /// <returns>How many were enqueued; the others are still dead letters.</returns>
    ValueTask<int> RedriveAsync(string? id = null, CancellationToken cancellationToken = default);
}
