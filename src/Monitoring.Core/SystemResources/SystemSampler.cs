using System.Diagnostics;
using System.Net.NetworkInformation;

namespace Monitoring.SystemResources;

/// <summary>
/// Looks at the system. What .NET tells is asked of .NET, on every platform; on Linux the files of the kernel give the rest.
/// For one thread at a time.
/// </summary>
internal sealed class SystemSampler(ISystemFiles files, bool isLinux)
{
    // What changes rarely or costs more (mounts, groups; the processes of other platforms) is looked at once in so many samples.
    private const int Rarely = 12;
    private const int BufferSize = 128 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly Names _names = new();
    private readonly PoolDelay _poolDelay = new();
    private readonly Dictionary<string, bool> _devices = new(StringComparer.Ordinal);
    private IReadOnlyList<Mount> _mounts = [];
    private Cgroup? _cgroup;
    private int? _processCount;
    private int _turn;

    public SystemReading Sample()
    {
        var rarely = _turn++ % Rarely == 0;
        var reading = new SystemReading
        {
            ProcessCpu = ProcessTime(),
            WorkingSet = Environment.WorkingSet,
            PoolCompleted = ThreadPool.CompletedWorkItemCount,
            PoolDelay = _poolDelay.Ask(),
            GcPause = GC.GetTotalPauseDuration(),
            Allocated = GC.GetTotalAllocatedBytes(),
        };
        return isLinux ? OnLinux(reading, rarely) : Elsewhere(reading, rarely);
    }

    private static TimeSpan ProcessTime()
    {
        // The analyzer knows the platforms without it.
        return OperatingSystem.IsBrowser() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() ? TimeSpan.Zero : Environment.CpuUsage.TotalTime;
    }

    private SystemReading OnLinux(SystemReading reading, bool rarely)
    {
        if (rarely)
        {
            var mounts = Mount.Parse(Read("/proc/self/mountinfo"));
            _cgroup = Cgroup.Find(files, mounts, Read("/proc/self/cgroup"));

            // One for each device, for the same may be mounted in many places: the shortest path says most.
            _mounts = [.. mounts.Where(static mount => mount.IsDisk).Where(mount => files.FolderExists(mount.Point)).GroupBy(static mount => mount.Device).Select(static same => same.MinBy(static mount => mount.Point.Length)!)];
        }

        // What cannot be read is not known, which is not nothing.
        var text = Read("/proc/diskstats");
        List<DeviceTotals>? devices = text.IsEmpty ? null : [];
        ProcText.Devices(text, _names, IsDevice, devices ?? []);
        text = Read("/proc/self/net/dev");
        List<InterfaceTotals>? interfaces = text.IsEmpty ? null : [];
        ProcText.Interfaces(text, _names, interfaces ?? []);
        var disks = _mounts.Select(mount => files.Space(mount.Point) is { } space ? Disk(mount.Point, mount.Format, space) : null).OfType<DiskSummary>().ToList();
        var memory = ProcText.Memory(Read("/proc/meminfo"));
        return Sorted(reading, disks, devices, interfaces) with
        {
            Machine = ProcText.Cpu(Read("/proc/stat")),
            Memory = memory,
            Load = ProcText.Load(Read("/proc/loadavg")),
            Threads = ProcText.Threads(Read("/proc/self/stat")),
            HandleLimit = ProcText.DescriptorLimit(Read("/proc/self/limits")),
            ProcessCount = files.CountNumbered("/proc"),

            // One of them is there only to count the others.
            Handles = files.CountNumbered("/proc/self/fd") - 1,
            ContainerCpu = _cgroup?.ReadCpu(),
            ContainerMemory = _cgroup?.ReadMemory(memory?.Total ?? long.MaxValue),
        };
    }

    private SystemReading Elsewhere(SystemReading reading, bool rarely)
    {
        using var process = Process.GetCurrentProcess();
        if (rarely)
        {
            var all = Process.GetProcesses();
            _processCount = all.Length;
            Array.ForEach(all, static other => other.Dispose());
        }

        var disks = DriveInfo.GetDrives().Where(static drive => drive is { DriveType: DriveType.Fixed, IsReady: true })
            .Select(static drive => Disk(drive.Name, drive.DriveFormat, new DiskSpace(drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace)));

        // What the collector knows is as of its last run; before the first it knows nothing.
        var gc = GC.GetGCMemoryInfo();
        return Sorted(reading, [.. disks.OfType<DiskSummary>()], null, Interfaces()) with
        {
            Memory = gc is { Index: > 0, TotalAvailableMemoryBytes: > 0 } && gc.MemoryLoadBytes <= gc.TotalAvailableMemoryBytes
                ? (gc.TotalAvailableMemoryBytes, gc.TotalAvailableMemoryBytes - gc.MemoryLoadBytes)
                : null,
            Threads = process.Threads.Count is > 0 and var threads ? threads : null,
            Handles = process.HandleCount is > 0 and var handles ? handles : null,
            ProcessCount = _processCount,
        };
    }

    private static List<InterfaceTotals>? Interfaces()
    {
        if (OperatingSystem.IsBrowser() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() || OperatingSystem.IsAndroid())
        {
            return null;
        }

        List<InterfaceTotals> interfaces = [];
        foreach (var found in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (found.NetworkInterfaceType is NetworkInterfaceType.Loopback or NetworkInterfaceType.Tunnel)
            {
                continue;
            }

            var statistics = found.GetIPStatistics();
            interfaces.Add(new InterfaceTotals(
                found.Name,
                statistics.BytesReceived,
                statistics.BytesSent,
                statistics.UnicastPacketsReceived,
                statistics.UnicastPacketsSent,
                statistics.IncomingPacketsWithErrors + statistics.IncomingPacketsDiscarded));
        }

        return interfaces;
    }

    // The fullest disks are what one looks for; of the others the busiest.
    private static SystemReading Sorted(SystemReading reading, List<DiskSummary> disks, List<DeviceTotals>? devices, List<InterfaceTotals>? interfaces)
    {
        disks.Sort(static (one, other) => (other.UsedPercent, one.Name).CompareTo((one.UsedPercent, other.Name)));
        devices?.Sort(static (one, other) => (other.ReadBytes + other.WrittenBytes).CompareTo(one.ReadBytes + one.WrittenBytes));
        interfaces?.Sort(static (one, other) => (other.ReceivedBytes + other.SentBytes).CompareTo(one.ReceivedBytes + one.SentBytes));
        return reading with { Disks = disks, Devices = devices, Interfaces = interfaces };
    }

    private static DiskSummary? Disk(string name, string format, DiskSpace space)
    {
        var used = space.Total - space.Free;
        return space.Total <= 0 || used < 0 || space.Available < 0
            ? null
            : new DiskSummary
            {
                Name = name,
                Format = format,
                TotalBytes = space.Total,
                UsedBytes = used,
                AvailableBytes = space.Available,
                UsedPercent = used + space.Available > 0 ? 100.0 * used / (used + space.Available) : 0,
            };
    }

    // A partition has no folder of its own here.
    private bool IsDevice(string name)
    {
        if (!_devices.TryGetValue(name, out var isDevice))
        {
            isDevice = !name.Contains('/', StringComparison.Ordinal) && files.FolderExists($"/sys/block/{name}");
            if (_devices.Count < 1024)
            {
                _devices[name] = isDevice;
            }
        }

        return isDevice;
    }

    private ReadOnlySpan<byte> Read(string path) => files.Read(path, _buffer) is var length and > 0 ? _buffer.AsSpan(0, length) : default;
}
