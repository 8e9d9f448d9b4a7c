namespace Monitoring.TaskQueues;

/// <summary>
/// A measurement of a queue that is watched from outside, for <c>RecordTaskQueueMetrics</c>. Depths and worker counts say
/// how it is now and hold until the next measurement, two minutes at most; durations and counts say what happened since
/// the last one. Null stands for "not known", which is never taken for none: no rule about workers or rates applies then.
/// </summary>
public sealed class TaskQueueMetrics
{
    private readonly int? _depth;
    private readonly int? _running;

    /// <summary>Name of the queue; the measurements of one name replace each other. At most 50 are kept. Default <c>external</c>.</summary>
    public string Queue { get; init; } = "external";

    /// <summary>What keeps the queue, such as <c>bullmq</c>. Default <c>external</c>.</summary>
    public string System { get; init; } = "external";

    /// <summary>Whether it hands out nothing at the moment.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Tasks waiting; the sum of the three depths when it is not set.</summary>
    public int Depth
    {
        get => _depth ?? HighDepth + NormalDepth + LowDepth;
        init => _depth = value;
    }

    /// <summary>Tasks waiting with high priority.</summary>
    public int HighDepth { get; init; }

    /// <summary>Tasks waiting with normal priority.</summary>
    public int NormalDepth { get; init; }

    /// <summary>Tasks waiting with low priority.</summary>
    public int LowDepth { get; init; }

    /// <summary>Tasks that may wait; 0 when the queue is not bounded.</summary>
    public int Capacity { get; init; }

    /// <summary>Tasks that wait for their time: delayed ones, and those between two attempts.</summary>
    public int Delayed { get; init; }

    /// <summary>Tasks given up that the queue keeps.</summary>
    public int DeadLetters { get; init; }

    /// <summary>Tasks that workers are at; <see cref="ActiveWorkers"/> when it is not set, 0 when neither is known.</summary>
    public int Running
    {
        get => _running ?? ActiveWorkers ?? 0;
        init => _running = value;
    }

    /// <summary>Workers that are running a task; null when unknown: then the workers' utilisation is unknown too.</summary>
    public int? ActiveWorkers { get; init; }

    /// <summary>Workers there are: 0 when it is known that there are none, null when unknown.</summary>
    public int? TotalWorkers { get; init; }

    /// <summary>How long a task may take; zero when it may take any time.</summary>
    public TimeSpan TaskTimeout { get; init; }

    /// <summary>Since when the oldest waiting task has been waiting; null when unknown.</summary>
    public TimeSpan? OldestTaskAge { get; init; }

    /// <summary>How long the tasks took that ended since the last measurement.</summary>
    public IReadOnlyList<TimeSpan> ProcessingTimes { get; init; } = [];

    /// <summary>Tasks added since the last measurement; null when unknown.</summary>
    public long? Enqueued { get; init; }

    /// <summary>Tasks done since the last measurement; null when unknown.</summary>
    public long? Completed { get; init; }

    /// <summary>Tasks given up since the last measurement; null when unknown.</summary>
    public long? Failed { get; init; }

    /// <summary>By priority; what is not said of any priority counts as normal.</summary>
    internal TaskQueueDepth ToDepth() =>
        new(HighDepth, NormalDepth + Math.Max(0, Depth - HighDepth - NormalDepth - LowDepth), LowDepth)
        {
            OldestAge = OldestTaskAge,
            Delayed = Delayed,
            DeadLetters = DeadLetters,
        };
}
