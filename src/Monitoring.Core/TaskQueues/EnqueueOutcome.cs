namespace Monitoring.TaskQueues;

/// <summary>What became of a task that was handed to a queue. A full queue that rejects throws instead.</summary>
public enum EnqueueOutcome
{
    /// <summary>The queue has it.</summary>
    Accepted,

    /// <summary>The queue has it, and dropped a waiting task of lower priority for it.</summary>
    AcceptedByDropping,

    /// <summary>The queue does not have it: one with the same <see cref="BackgroundTask.DeduplicationKey"/> waits or runs.</summary>
    Duplicate,
}
