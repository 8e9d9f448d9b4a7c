using Monitoring.SystemResources;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>
/// Processor, memory, disks, network and the runtime, from the last sample. The names are those of OpenTelemetry's semantic
/// conventions and of Microsoft's ResourceMonitoring, after the prefix of all our metrics.
/// </summary>
internal static class SystemMetrics
{
    public static readonly Metric Cpu = new("monitoring_system_cpu_utilization_ratio", MetricType.Gauge, "ratio", "Busy share of the processors, of the limit of the container where there is one: what the alert is about.");
    public static readonly Metric ProcessCpu = new("monitoring_process_cpu_utilization_ratio", MetricType.Gauge, "ratio", "Share of the processors it may use that the process uses.");
    public static readonly Metric ContainerCpu = new("monitoring_container_cpu_limit_utilization_ratio", MetricType.Gauge, "ratio", "Share of its limit of processors that the container uses; not there without a limit.");
    public static readonly Metric ProcessCpuTime = new("monitoring_process_cpu_time_seconds", MetricType.Counter, "seconds", "Processor time of the process.");
    public static readonly Metric Memory = new("monitoring_system_memory_utilization_ratio", MetricType.Gauge, "ratio", "Used share of the memory, of the limit of the container where there is one: what the alert is about.");
    public static readonly Metric ContainerMemory = new("monitoring_container_memory_limit_utilization_ratio", MetricType.Gauge, "ratio", "Used share of the limit of memory of the container; not there without a limit.");
    public static readonly Metric WorkingSet = new("monitoring_process_memory_usage_bytes", MetricType.Gauge, "bytes", "Physical memory of the process.");
    public static readonly Metric Disk = new("monitoring_system_filesystem_utilization_ratio", MetricType.Gauge, "ratio", "Used share of a disk.", "mountpoint");
    public static readonly Metric DiskAvailable = new("monitoring_system_filesystem_available_bytes", MetricType.Gauge, "bytes", "What may still be written to a disk.", "mountpoint");
    public static readonly Metric DiskIo = new("monitoring_system_disk_io_bytes", MetricType.Counter, "bytes", "Traffic of a disk since the start of the machine.", "device", "direction");
    public static readonly Metric NetworkIo = new("monitoring_system_network_io_bytes", MetricType.Counter, "bytes", "Traffic of a network interface since the start of the machine.", "interface", "direction");
    public static readonly Metric Load = new("monitoring_system_load", MetricType.Gauge, "", "Load average over 1, 5 and 15 minutes.", "minutes");
    public static readonly Metric Processes = new("monitoring_system_processes", MetricType.Gauge, "", "Processes that this one can see.");
    public static readonly Metric Threads = new("monitoring_process_threads", MetricType.Gauge, "", "Threads of the process.");
    public static readonly Metric Handles = new("monitoring_process_open_handles", MetricType.Gauge, "", "Open handles of the process; on Linux file descriptors.");
    public static readonly Metric Uptime = new("monitoring_process_uptime_seconds", MetricType.Gauge, "seconds", "How long the process has been running.");
    public static readonly Metric PoolThreads = new("monitoring_dotnet_thread_pool_threads", MetricType.Gauge, "", "Threads of the thread pool.");
    public static readonly Metric PoolQueue = new("monitoring_dotnet_thread_pool_queue_length", MetricType.Gauge, "", "Work that waits for a thread of the pool.");
    public static readonly Metric PoolDelay = new("monitoring_dotnet_thread_pool_queue_delay_seconds", MetricType.Gauge, "seconds", "How long work waited for a thread of the pool when it was last tried.");
    public static readonly Metric Collections = new("monitoring_dotnet_gc_collections", MetricType.Counter, "", "Garbage collections by generation.", "generation");
    public static readonly Metric Pause = new("monitoring_dotnet_gc_pause_time_seconds", MetricType.Counter, "seconds", "Time for which the garbage collector stopped all threads.");
    public static readonly Metric Allocated = new("monitoring_dotnet_gc_heap_allocated_bytes", MetricType.Counter, "bytes", "Allocated on the managed heap.");
    public static readonly Metric Heap = new("monitoring_dotnet_gc_heap_size_bytes", MetricType.Gauge, "bytes", "Managed heap after the last collection, fragmentation included.");

    private static readonly string[] Generations = ["gen0", "gen1", "gen2"];

    public static IReadOnlyList<Metric> All { get; } =
    [
        Cpu, ProcessCpu, ContainerCpu, ProcessCpuTime, Memory, ContainerMemory, WorkingSet, Disk, DiskAvailable, DiskIo, NetworkIo, Load,
        Processes, Threads, Handles, Uptime, PoolThreads, PoolQueue, PoolDelay, Collections, Pause, Allocated, Heap,
    ];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
        var system = monitor.GetSystemSummary(Exposition.Window);
        if (system.SampledAt is null)
        {
            return;
        }

        One(Cpu, system.Cpu.UsagePercent / 100);
        One(ProcessCpu, system.Cpu.ProcessPercent / 100);
        One(ContainerCpu, system.Cpu.ContainerPercent / 100);
        One(ProcessCpuTime, system.Cpu.ProcessTime.TotalSeconds);
        One(Memory, system.Memory.UsagePercent / 100);
        One(ContainerMemory, system.Memory.ContainerLimitBytes is null ? null : system.Memory.UsagePercent / 100);
        One(WorkingSet, system.Memory.WorkingSetBytes);
        writer.Each(Disk, system.Disks, static disk => disk.Name, static disk => disk.UsedPercent / 100);
        writer.Each(DiskAvailable, system.Disks, static disk => disk.Name, static disk => disk.AvailableBytes);
        writer.Begin(DiskIo);
        foreach (var device in system.DiskIo?.Devices ?? [])
        {
            writer.Sample(device.ReadBytes, device.Name, "read");
            writer.Sample(device.WrittenBytes, device.Name, "write");
        }

        writer.Begin(NetworkIo);
        foreach (var network in system.Network?.Interfaces ?? [])
        {
            writer.Sample(network.ReceivedBytes, network.Name, "receive");
            writer.Sample(network.SentBytes, network.Name, "transmit");
        }

        writer.Begin(Load);
        writer.Sample(system.Load?.OneMinute, "1");
        writer.Sample(system.Load?.FiveMinutes, "5");
        writer.Sample(system.Load?.FifteenMinutes, "15");
        One(Processes, system.ProcessCount);
        One(Threads, system.Process.Threads);
        One(Handles, system.Process.Handles);
        One(Uptime, system.Process.Uptime.TotalSeconds);
        Runtime(writer, system);

        void One(Metric metric, double? value)
        {
            writer.Begin(metric);
            writer.Sample(value);
        }
    }

    private static void Runtime(ExpositionWriter writer, SystemSummary system)
    {
        One(PoolThreads, system.ThreadPool.Threads);
        One(PoolQueue, system.ThreadPool.QueueLength);
        One(PoolDelay, system.ThreadPool.QueueDelay.TotalSeconds);
        writer.Begin(Collections);
        long[] collections = [system.Gc.Gen0Collections, system.Gc.Gen1Collections, system.Gc.Gen2Collections];
        for (var generation = 0; generation < Generations.Length; generation++)
        {
            writer.Sample(collections[generation], Generations[generation]);
        }

        One(Pause, system.Gc.PauseTotal.TotalSeconds);
        One(Allocated, system.Gc.AllocatedBytes);
        One(Heap, system.Gc.HeapBytes);

        void One(Metric metric, double value)
        {
            writer.Begin(metric);
            writer.Sample(value);
        }
    }
}
