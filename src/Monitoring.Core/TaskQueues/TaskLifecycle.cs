namespace Monitoring.TaskQueues;

/// <summary>Where a task is on its way; written by who owns the task at the time.</summary>
internal enum TaskLifecycle : byte
{
    /// <summary>Not accepted by a queue yet.</summary>
    New,

    /// <summary>Accepted: in the queue or with a worker.</summary>
    Accepted,

    /// <summary>Failed and waiting for its next attempt: a queue takes it back even when it has been stopped.</summary>
    Returning,

    /// <summary>Completed, given up or handed to a loop that is not ours.</summary>
    Finished,
}
