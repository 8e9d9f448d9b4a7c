namespace Monitoring.SystemResources;

/// <summary>Space of one disk.</summary>
public sealed record DiskSummary
{
    /// <summary>Where it is mounted, such as <c>/</c> or <c>C:\</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What is on it, such as <c>ext4</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Its size.</summary>
    public long TotalBytes { get; init; }

    /// <summary>What is used.</summary>
    public long UsedBytes { get; init; }

    /// <summary>What this process may still use, which is less than is free where some of it is reserved.</summary>
    public long AvailableBytes { get; init; }

    /// <summary>Used share of what is used or available, as <c>df</c> computes it.</summary>
    public double UsedPercent { get; init; }
}

/// <summary>Traffic of all disks between the last two samples.</summary>
public sealed record DiskIoSummary
{
    /// <summary>Bytes read per second.</summary>
    public double ReadBytesPerSecond { get; init; }

    /// <summary>Bytes written per second.</summary>
    public double WrittenBytesPerSecond { get; init; }

    /// <summary>The devices, the busiest since the machine's start first.</summary>
    public IReadOnlyList<DiskDeviceSummary> Devices { get; init; } = [];
}

/// <summary>Traffic of one disk between the last two samples.</summary>
public sealed record DiskDeviceSummary
{
    /// <summary>The device, such as <c>nvme0n1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes read per second.</summary>
    public double ReadBytesPerSecond { get; init; }

    /// <summary>Bytes written per second.</summary>
    public double WrittenBytesPerSecond { get; init; }

    /// <summary>Reads per second.</summary>
    public double ReadsPerSecond { get; init; }

    /// <summary>Writes per second.</summary>
    public double WritesPerSecond { get; init; }

    /// <summary>Share of the time for which it had something to do. A device that works in parallel may be at 100 and have room.</summary>
    public double BusyPercent { get; init; }

    internal long ReadBytes { get; init; }

    internal long WrittenBytes { get; init; }
}

/// <summary>Traffic of all network interfaces but the loopback, between the last two samples.</summary>
public sealed record NetworkSummary
{
    /// <summary>Bytes received per second.</summary>
    public double ReceivedBytesPerSecond { get; init; }

    /// <summary>Bytes sent per second.</summary>
    public double SentBytesPerSecond { get; init; }

    /// <summary>The interfaces, the busiest since the machine's start first.</summary>
    public IReadOnlyList<NetworkInterfaceSummary> Interfaces { get; init; } = [];
}

/// <summary>Traffic of one network interface between the last two samples.</summary>
public sealed record NetworkInterfaceSummary
{
    /// <summary>The interface, such as <c>eth0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes received per second.</summary>
    public double ReceivedBytesPerSecond { get; init; }

    /// <summary>Bytes sent per second.</summary>
    public double SentBytesPerSecond { get; init; }

    /// <summary>Packets received per second.</summary>
    public double ReceivedPacketsPerSecond { get; init; }

    /// <summary>Packets sent per second.</summary>
    public double SentPacketsPerSecond { get; init; }

    /// <summary>Packets that were dropped or damaged, per second, in both directions.</summary>
    public double ErrorsPerSecond { get; init; }

    internal long ReceivedBytes { get; init; }

    internal long SentBytes { get; init; }
}
