namespace Monitoring.TaskQueues.Processing;

/// <summary>What had happened to a worker's token by the time the attempt ended.</summary>
internal enum AttemptEnd
{
    /// <summary>Nothing.</summary>
    Undisturbed,

    /// <summary>It was cancelled because the attempt's time was over.</summary>
    TimedOut,

    /// <summary>It was cancelled because the attempt's time was over, and the attempt went on for long after that.</summary>
    Stuck,

    /// <summary>It was cancelled because the host would not wait any longer.</summary>
    Stopped,

    /// <summary>The host left without it; the task has been reported as undone and must not be settled again.</summary>
    Abandoned,
}
