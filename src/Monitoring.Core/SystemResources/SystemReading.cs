namespace Monitoring.SystemResources;

/// <summary>What one look at the system found: totals, of which two make a rate, and states.</summary>
internal sealed record SystemReading
{
    public TimeSpan ProcessCpu { get; init; }

    public CpuTicks? Machine { get; init; }

    public CgroupCpu? ContainerCpu { get; init; }

    public long WorkingSet { get; init; }

    public (long Total, long Available)? Memory { get; init; }

    public CgroupMemory? ContainerMemory { get; init; }

    public LoadSummary? Load { get; init; }

    public int? ProcessCount { get; init; }

    public int? Threads { get; init; }

    public int? Handles { get; init; }

    public long? HandleLimit { get; init; }

    public IReadOnlyList<DiskSummary> Disks { get; init; } = [];

    public IReadOnlyList<DeviceTotals>? Devices { get; init; }

    public IReadOnlyList<InterfaceTotals>? Interfaces { get; init; }

    public long PoolCompleted { get; init; }

    public TimeSpan PoolDelay { get; init; }

    public TimeSpan GcPause { get; init; }

    public long Allocated { get; init; }
}
