namespace Monitoring.TaskQueues;

/// <summary>What the processor needs of a queue whose tasks live and die with the process.</summary>
internal interface IDrainableTaskQueue
{
    /// <summary>
    /// Tasks accepted since the start that workers have to settle: one that comes back for a retry counts once, one that the
    /// queue dropped again not at all, and one that was re-driven anew.
    /// </summary>
    long AcceptedCount { get; }

    /// <summary>
    /// Refuses new tasks from now on, and those that wait for a place. Accepted ones can still be taken, and come back
    /// for a retry.
    /// </summary>
    void Stop();

    /// <summary>Takes out what waits for a time later than <paramref name="delay"/> from now; nobody will be there by then.</summary>
    IReadOnlyList<BackgroundTask> TakeLater(TimeSpan delay);

    /// <summary>Takes out everything that still waits; from now on nothing comes back either.</summary>
    IReadOnlyList<BackgroundTask> TakeRemaining();
}
