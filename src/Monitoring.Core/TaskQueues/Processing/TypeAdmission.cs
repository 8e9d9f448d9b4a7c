namespace Monitoring.TaskQueues.Processing;

/// <summary>What a worker is to do with a task that it took.</summary>
internal enum TypeAdmission
{
    /// <summary>Run it.</summary>
    Run,

    /// <summary>Nothing: it waits here for a place of its type, and somebody will be told.</summary>
    Parked,

    /// <summary>Keep it or give it back: too many of its type wait here already.</summary>
    Full,

    /// <summary>Give it back: the processor stops.</summary>
    Closed,
}
