namespace Monitoring.SystemResources;

/// <summary>Makes what is shown of two readings. The first reading has nothing to be compared with: then shares are unknown and rates zero.</summary>
internal static class SystemRates
{
    private static readonly TimeSpan Starvation = TimeSpan.FromMilliseconds(500);

    public static SystemSummary Between(SystemReading? before, SystemReading now, TimeSpan elapsed, SystemOptions options)
    {
        var interval = new Interval(before is null ? 0 : elapsed.TotalSeconds);
        return new SystemSummary
        {
            Cpu = Cpu(before, now, interval),
            Memory = Memory(now),
            Load = now.Load,
            ProcessCount = now.ProcessCount,
            Process = new ProcessSummary
            {
                Threads = now.Threads,
                Handles = now.Handles,
                HandleLimit = now.HandleLimit,
                HandlesPercent = now is { Handles: { } handles, HandleLimit: > 0 and var limit } ? Math.Min(100, 100.0 * handles / limit) : null,
            },
            ThreadPool = Pool(before, now, interval),
            Gc = Gc(before, now, interval),
            Disks = [.. now.Disks.Take(options.DiskCapacity)],
            DiskIo = now.Devices is { } devices ? Devices(before?.Devices, devices, interval, options.DiskCapacity) : null,
            Network = now.Interfaces is { } interfaces ? Interfaces(before?.Interfaces, interfaces, interval, options.NetworkInterfaceCapacity) : null,
            LeftOut = Excess(now.Disks, options.DiskCapacity) + Excess(now.Devices, options.DiskCapacity) + Excess(now.Interfaces, options.NetworkInterfaceCapacity),
        };
    }

    private static CpuSummary Cpu(SystemReading? before, SystemReading now, Interval interval)
    {
        var allowed = Math.Min(now.ContainerCpu?.Limit ?? double.MaxValue, Environment.ProcessorCount);
        var process = interval.Share((now.ProcessCpu - (before?.ProcessCpu ?? default)).TotalSeconds, allowed);
        double? machine = now.Machine is { } ticks && before?.Machine is { } earlier && ticks.Total > earlier.Total
            ? Math.Clamp(100.0 * (ticks.Busy - earlier.Busy) / (ticks.Total - earlier.Total), 0, 100)
            : null;

        // Another limit means another group, whose time is no continuation.
        double? container = now.ContainerCpu is { Used: { } used, Limit: var limit } && before?.ContainerCpu is { Used: { } usedBefore } last && last.Limit == limit && used >= usedBefore
            ? interval.Share((used - usedBefore).TotalSeconds, limit)
            : null;
        return new CpuSummary
        {
            UsagePercent = now.ContainerCpu is not null ? container : now.Machine is not null ? machine : process,
            ProcessPercent = process,
            MachinePercent = machine,
            ContainerPercent = container,
            ThrottledPercent = now.ContainerCpu is { Periods: { } periods, Throttled: { } throttled } && before?.ContainerCpu is { Periods: { } periodsBefore, Throttled: { } throttledBefore }
                ? periods > periodsBefore ? Math.Clamp(100.0 * (throttled - throttledBefore) / (periods - periodsBefore), 0, 100) : 0
                : null,
            AllowedProcessors = allowed,
            IsLimited = now.ContainerCpu is not null,
            ProcessTime = now.ProcessCpu,
        };
    }

    private static MemorySummary Memory(SystemReading now)
    {
        double? machine = now.Memory is { Total: > 0 } memory ? 100.0 * (memory.Total - memory.Available) / memory.Total : null;
        return new MemorySummary
        {
            UsagePercent = now.ContainerMemory is { } container ? container.Used is { } used ? Math.Min(100, 100.0 * used / container.Limit) : null : machine,
            WorkingSetBytes = now.WorkingSet,
            ManagedHeapBytes = GC.GetTotalMemory(forceFullCollection: false),
            MachineUsedBytes = now.Memory?.Total - now.Memory?.Available,
            MachineTotalBytes = now.Memory?.Total,
            ContainerUsedBytes = now.ContainerMemory?.Used,
            ContainerLimitBytes = now.ContainerMemory?.Limit,
        };
    }

    private static ThreadPoolSummary Pool(SystemReading? before, SystemReading now, Interval interval)
    {
        ThreadPool.GetMinThreads(out var minimum, out _);
        ThreadPool.GetMaxThreads(out var maximum, out _);
        return new ThreadPoolSummary
        {
            Threads = ThreadPool.ThreadCount,
            MinimumThreads = minimum,
            MaximumThreads = maximum,
            QueueLength = ThreadPool.PendingWorkItemCount,
            Completed = now.PoolCompleted,
            CompletedPerSecond = interval.Rate(now.PoolCompleted - (before?.PoolCompleted ?? 0)),
            QueueDelay = now.PoolDelay,
            IsStarving = now.PoolDelay >= Starvation,
        };
    }

    private static GcSummary Gc(SystemReading? before, SystemReading now, Interval interval)
    {
        // A collection of a generation is one of all below it too; told apart as the System.Runtime meter does.
        long gen2 = GC.CollectionCount(2), gen1 = GC.CollectionCount(1), gen0 = GC.CollectionCount(0);
        var info = GC.GetGCMemoryInfo(GCKind.Any);
        return new GcSummary
        {
            Gen0Collections = Math.Max(0, gen0 - gen1),
            Gen1Collections = Math.Max(0, gen1 - gen2),
            Gen2Collections = gen2,
            PauseTotal = now.GcPause,
            PausePercent = interval.Share((now.GcPause - (before?.GcPause ?? default)).TotalSeconds, 1) ?? 0,
            HeapBytes = info.HeapSizeBytes,
            FragmentedBytes = info.FragmentedBytes,
            FragmentationPercent = info.HeapSizeBytes > 0 ? Math.Min(100, 100.0 * info.FragmentedBytes / info.HeapSizeBytes) : 0,
            CommittedBytes = info.TotalCommittedBytes,
            AllocatedBytes = now.Allocated,
            AllocatedBytesPerSecond = interval.Rate(now.Allocated - (before?.Allocated ?? 0)),
        };
    }

    private static DiskIoSummary Devices(IReadOnlyList<DeviceTotals>? before, IReadOnlyList<DeviceTotals> now, Interval interval, int capacity)
    {
        var earlier = before?.ToDictionary(static device => device.Name, StringComparer.Ordinal);
        List<DiskDeviceSummary> devices = new(now.Count);
        foreach (var device in now)
        {
            // One that has come since then has not done all of its work since then.
            var was = earlier?.GetValueOrDefault(device.Name, device) ?? device;
            devices.Add(new DiskDeviceSummary
            {
                Name = device.Name,
                ReadBytesPerSecond = interval.Rate(device.ReadBytes - was.ReadBytes),
                WrittenBytesPerSecond = interval.Rate(device.WrittenBytes - was.WrittenBytes),
                ReadsPerSecond = interval.Rate(device.Reads - was.Reads),
                WritesPerSecond = interval.Rate(device.Writes - was.Writes),
                BusyPercent = interval.Share((device.BusyMilliseconds - was.BusyMilliseconds) / 1000.0, 1) ?? 0,
                ReadBytes = device.ReadBytes,
                WrittenBytes = device.WrittenBytes,
            });
        }

        return new DiskIoSummary
        {
            ReadBytesPerSecond = devices.Sum(static device => device.ReadBytesPerSecond),
            WrittenBytesPerSecond = devices.Sum(static device => device.WrittenBytesPerSecond),
            Devices = [.. devices.Take(capacity)],
        };
    }

    private static NetworkSummary Interfaces(IReadOnlyList<InterfaceTotals>? before, IReadOnlyList<InterfaceTotals> now, Interval interval, int capacity)
    {
        // Windows lets two have one name; the first will do.
        var earlier = before?.DistinctBy(static one => one.Name).ToDictionary(static one => one.Name, StringComparer.Ordinal);
        List<NetworkInterfaceSummary> interfaces = new(now.Count);
        foreach (var one in now)
        {
            var was = earlier?.GetValueOrDefault(one.Name, one) ?? one;
            interfaces.Add(new NetworkInterfaceSummary
            {
                Name = one.Name,
                ReceivedBytesPerSecond = interval.Rate(one.ReceivedBytes - was.ReceivedBytes),
                SentBytesPerSecond = interval.Rate(one.SentBytes - was.SentBytes),
                ReceivedPacketsPerSecond = interval.Rate(one.ReceivedPackets - was.ReceivedPackets),
                SentPacketsPerSecond = interval.Rate(one.SentPackets - was.SentPackets),
                ErrorsPerSecond = interval.Rate(one.Errors - was.Errors),
                ReceivedBytes = one.ReceivedBytes,
                SentBytes = one.SentBytes,
            });
        }

        return new NetworkSummary
        {
            ReceivedBytesPerSecond = interfaces.Sum(static one => one.ReceivedBytesPerSecond),
            SentBytesPerSecond = interfaces.Sum(static one => one.SentBytesPerSecond),
            Interfaces = [.. interfaces.Take(capacity)],
        };
    }

    private static int Excess<T>(IReadOnlyList<T>? list, int capacity) => Math.Max(0, (list?.Count ?? 0) - capacity);

    /// <summary>Seconds between two readings; zero when there is one only.</summary>
    private readonly record struct Interval(double Seconds)
    {
        // A counter that has gone back was reset: that is not negative traffic.
        public double Rate(long difference) => Seconds > 0 && difference > 0 ? difference / Seconds : 0;

        public double? Share(double seconds, double of) => Seconds > 0 && of > 0 ? Math.Clamp(100 * seconds / (Seconds * of), 0, 100) : null;
    }
}
