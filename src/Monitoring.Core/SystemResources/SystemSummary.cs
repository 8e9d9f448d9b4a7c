namespace Monitoring.SystemResources;

/// <summary>
/// Processor, memory, disks, network and the runtime as the last sample found them, and processor and memory over a window.
/// What the platform does not tell is null. Immutable.
/// </summary>
public sealed record SystemSummary
{
    /// <summary>How far back it looks; an hour at most.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>When the values were sampled; null before the first sample.</summary>
    public DateTimeOffset? SampledAt { get; init; }

    /// <summary>Samples within the window.</summary>
    public int Count { get; init; }

    /// <summary>The processors.</summary>
    public CpuSummary Cpu { get; init; } = new();

    /// <summary>The memory.</summary>
    public MemorySummary Memory { get; init; } = new();

    /// <summary>Load averages; null where there are none (Windows).</summary>
    public LoadSummary? Load { get; init; }

    /// <summary>Processes that this one can see, which within a container are those of the container.</summary>
    public int? ProcessCount { get; init; }

    /// <summary>This process.</summary>
    public ProcessSummary Process { get; init; } = new();

    /// <summary>The thread pool.</summary>
    public ThreadPoolSummary ThreadPool { get; init; } = new();

    /// <summary>The garbage collector.</summary>
    public GcSummary Gc { get; init; } = new();

    /// <summary>Space of the disks, the fullest first.</summary>
    public IReadOnlyList<DiskSummary> Disks { get; init; } = [];

    /// <summary>Traffic of the disks; null where it is not known.</summary>
    public DiskIoSummary? DiskIo { get; init; }

    /// <summary>Traffic of the network; null where it is not known.</summary>
    public NetworkSummary? Network { get; init; }

    /// <summary>Disks, devices and interfaces that were found but are too many to be listed.</summary>
    public int LeftOut { get; init; }

    /// <summary>Processor and memory over the window, 60 points at most, the oldest first.</summary>
    public IReadOnlyList<SystemPoint> History { get; init; } = [];
}

/// <summary>One point of <see cref="SystemSummary.History"/>: the averages of the samples that it stands for.</summary>
/// <param name="At">When the last of them was taken.</param>
/// <param name="CpuPercent">As <see cref="CpuSummary.UsagePercent"/>; null where it was not known.</param>
/// <param name="MemoryPercent">As <see cref="MemorySummary.UsagePercent"/>; null where it was not known.</param>
public sealed record SystemPoint(DateTimeOffset At, double? CpuPercent, double? MemoryPercent);

/// <summary>This process.</summary>
public sealed record ProcessSummary
{
    /// <summary>When it was started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How long it has been running.</summary>
    public TimeSpan Uptime { get; init; }

    /// <summary>How long the machine has been running.</summary>
    public TimeSpan MachineUptime { get; init; }

    /// <summary>Its threads, native ones included.</summary>
    public int? Threads { get; init; }

    /// <summary>Its open handles; on Linux its file descriptors.</summary>
    public int? Handles { get; init; }

    /// <summary>How many it may have (the soft limit of Linux); null where there is no limit or none is known.</summary>
    public long? HandleLimit { get; init; }

    /// <summary>Share of the limit that is used.</summary>
    public double? HandlesPercent { get; init; }
}

/// <summary>The thread pool, as <see cref="System.Threading.ThreadPool"/> tells.</summary>
public sealed record ThreadPoolSummary
{
    /// <summary>Its threads.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that it makes without hesitation.</summary>
    public int MinimumThreads { get; init; }

    /// <summary>Threads that it makes at most.</summary>
    public int MaximumThreads { get; init; }

    /// <summary>Work that waits for a thread.</summary>
    public long QueueLength { get; init; }

    /// <summary>Work that was completed since the start.</summary>
    public long Completed { get; init; }

    /// <summary>Work completed per second between the last two samples.</summary>
    public double CompletedPerSecond { get; init; }

    /// <summary>How long a piece of work that did nothing waited for a thread when the pool was last tried, once each sample; as long as it has been waiting if it still is.</summary>
    public TimeSpan QueueDelay { get; init; }

    /// <summary>Whether the pool starves: <see cref="QueueDelay"/> is half a second or more, the time that the pool itself takes to admit another thread.</summary>
    public bool IsStarving { get; init; }
}

/// <summary>The garbage collector, as <see cref="GC"/> tells. Rates and shares are those between the last two samples.</summary>
public sealed record GcSummary
{
    /// <summary>Collections of generation 0 alone since the start.</summary>
    public long Gen0Collections { get; init; }

    /// <summary>Collections up to generation 1 since the start.</summary>
    public long Gen1Collections { get; init; }

    /// <summary>Full collections since the start.</summary>
    public long Gen2Collections { get; init; }

    /// <summary>Time for which all threads were stopped, since the start.</summary>
    public TimeSpan PauseTotal { get; init; }

    /// <summary>Share of the time for which all threads were stopped.</summary>
    public double PausePercent { get; init; }

    /// <summary>Heap after the last collection, fragmentation included; zero before the first.</summary>
    public long HeapBytes { get; init; }

    /// <summary>Free space within the heap after the last collection.</summary>
    public long FragmentedBytes { get; init; }

    /// <summary>Share of the heap that is free space.</summary>
    public double FragmentationPercent { get; init; }

    /// <summary>Memory that the process has got from the system for its heap.</summary>
    public long CommittedBytes { get; init; }

    /// <summary>Allocated since the start.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Allocated per second.</summary>
    public double AllocatedBytesPerSecond { get; init; }
}

/// <summary>Load averages: tasks that run or wait for a processor or a disk.</summary>
/// <param name="OneMinute">Over a minute.</param>
/// <param name="FiveMinutes">Over five minutes.</param>
/// <param name="FifteenMinutes">Over fifteen minutes.</param>
public sealed record LoadSummary(double OneMinute, double FiveMinutes, double FifteenMinutes);
