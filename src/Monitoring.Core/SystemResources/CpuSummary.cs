namespace Monitoring.SystemResources;

/// <summary>The processors. Shares are those between the last two samples, of what is allowed: 100 is all of it.</summary>
public sealed record CpuSummary
{
    /// <summary>What matters: that of the container if it is limited, else that of the machine, else that of the process.</summary>
    public double? UsagePercent { get; init; }

    /// <summary>What the process uses of <see cref="AllowedProcessors"/>.</summary>
    public double? ProcessPercent { get; init; }

    /// <summary>What all processes use of the machine's processors.</summary>
    public double? MachinePercent { get; init; }

    /// <summary>What the container uses of its limit; null if it has none.</summary>
    public double? ContainerPercent { get; init; }

    /// <summary>Share of the scheduler's periods in which the container was made to wait for its next quota; null if it has no limit.</summary>
    public double? ThrottledPercent { get; init; }

    /// <summary>Processors that the process may use: the container's quota, such as 0.5, or their number.</summary>
    public double AllowedProcessors { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether a container limits them.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Lowest <see cref="UsagePercent"/> of the window; zero without samples.</summary>
    public double MinimumPercent { get; init; }

    /// <summary>Average <see cref="UsagePercent"/> of the window; zero without samples.</summary>
    public double AveragePercent { get; init; }

    /// <summary>Highest <see cref="UsagePercent"/> of the window; zero without samples.</summary>
    public double MaximumPercent { get; init; }

    /// <summary>Time that the process has used since its start.</summary>
    internal TimeSpan ProcessTime { get; init; }
}

/// <summary>The memory.</summary>
public sealed record MemorySummary
{
    /// <summary>Share that matters: of the container's limit if it has one, else of the machine's memory.</summary>
    public double? UsagePercent { get; init; }

    /// <summary>Physical memory of the process.</summary>
    public long WorkingSetBytes { get; init; }

    /// <summary>Managed heap of the process, with what is garbage already.</summary>
    public long ManagedHeapBytes { get; init; }

    /// <summary>Memory of the machine that is not available to new processes.</summary>
    public long? MachineUsedBytes { get; init; }

    /// <summary>Memory of the machine.</summary>
    public long? MachineTotalBytes { get; init; }

    /// <summary>What the container uses, without the file cache that is given up first; null if it has no limit.</summary>
    public long? ContainerUsedBytes { get; init; }

    /// <summary>What the container may use; null if it has no limit.</summary>
    public long? ContainerLimitBytes { get; init; }

    /// <summary>Lowest <see cref="UsagePercent"/> of the window; zero without samples.</summary>
    public double MinimumPercent { get; init; }

    /// <summary>Average <see cref="UsagePercent"/> of the window; zero without samples.</summary>
    public double AveragePercent { get; init; }

    /// <summary>Highest <see cref="UsagePercent"/> of the window; zero without samples.</summary>
    public double MaximumPercent { get; init; }
}
