namespace Monitoring.Backpressure;

/// <summary>What can say that a queue backs up; each has a threshold in <see cref="BackpressureOptions"/> or one of its own.</summary>
public enum BackpressureSignal
{
    /// <summary>Tasks wait and there is no worker.</summary>
    NoWorkers,

    /// <summary>Tasks wait, and nothing is started or ended.</summary>
    NoProgress,

    /// <summary>More arrives than is completed, and it will matter soon or does already.</summary>
    Arrivals,

    /// <summary>The queue is nearly full.</summary>
    Depth,

    /// <summary>The workers are busy nearly all the time, and tasks wait for them.</summary>
    Utilization,

    /// <summary>Tasks take nearly as long as they may.</summary>
    ProcessingTime,

    /// <summary>Even the luckiest task waited too long: the queue stands.</summary>
    Sojourn,

    /// <summary>The oldest task has been waiting too long.</summary>
    OldestTask,

    /// <summary>The work needs more workers than there are.</summary>
    Workers,

    /// <summary>Too many deliveries are of tasks that a worker was given before and never settled.</summary>
    Redelivery,
}
