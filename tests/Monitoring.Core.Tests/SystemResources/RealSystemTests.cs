using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Monitoring.SystemResources;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.SystemResources;

/// <summary>The machine that the tests run on.</summary>
public sealed class RealSystemTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Processor_time_that_is_burnt_is_seen()
    {
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { SampleInterval = TimeSpan.FromSeconds(1) } });
        using var stop = new CancellationTokenSource();
        var burner = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Thread.SpinWait(1000);
            }
        })
        {
            IsBackground = true,
        };
        burner.Start();
        try
        {
            // One of so many processors, half of it at least even on a machine that has others to serve.
            var expected = 100.0 / Environment.ProcessorCount / 2;
            await EventuallyAsync(() => monitor.SystemResources.GetSummary().Cpu is { ProcessPercent: { } process, UsagePercent: > 0 } && process >= expected);
        }
        finally
        {
            await stop.CancelAsync();
        }

        monitor.SystemResources.GetSummary().Cpu.MaximumPercent.Should().BePositive();
    }

    [Fact]
    public async Task Agrees_with_what_else_tells_of_the_machine()
    {
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { SampleInterval = TimeSpan.FromSeconds(1) } });
        await EventuallyAsync(() => monitor.SystemResources.GetSummary().SampledAt is not null);

        var summary = monitor.SystemResources.GetSummary();

        var total = MemInfo("MemTotal");
        summary.Memory.MachineTotalBytes.Should().Be(total);
        summary.Memory.MachineUsedBytes!.Value.Should().BeCloseTo(total - MemInfo("MemAvailable"), (ulong)total / 5);
        using var process = Process.GetCurrentProcess();
        summary.Memory.WorkingSetBytes.Should().BeInRange(process.WorkingSet64 / 4, process.WorkingSet64 * 4);
        summary.Process.Threads.Should().BeInRange(process.Threads.Count / 4, process.Threads.Count * 4);
        summary.Process.Handles.Should().BeInRange(1, int.MaxValue);
        summary.Process.Uptime.Should().BeCloseTo(DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) - process.StartTime.ToUniversalTime(), TimeSpan.FromMinutes(1));
        summary.ProcessCount.Should().BeInRange(1, 1_000_000);
        var disks = DriveInfo.GetDrives().Where(static drive => drive.IsReady).GroupBy(static drive => drive.Name).ToDictionary(static same => same.Key, static same => same.First().TotalSize);
        summary.Disks.Should().NotBeEmpty();
        foreach (var disk in summary.Disks.Where(disk => disks.ContainsKey(disk.Name)))
        {
            disk.TotalBytes.Should().Be(disks[disk.Name]);
        }

        summary.Load.Should().NotBeNull();
        monitor.Redis.Errors.Count.Should().Be(0);
    }

    /// <summary>The API that is read is what Microsoft's meter reads: it must tell the same.</summary>
    [Fact]
    public void Tells_what_the_meter_of_the_runtime_tells()
    {
        ConcurrentDictionary<string, double> measured = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "System.Runtime")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();
        using var stage = new SystemStage();

        // What only grows lies between two samples, other tests or not.
        var before = stage.Next();
        listener.RecordObservableInstruments();
        var after = stage.Next();

        Between("dotnet.process.cpu.time", summary => summary.Cpu.ProcessTime.TotalSeconds);
        Between("dotnet.gc.collections", summary => summary.Gc.Gen0Collections + summary.Gc.Gen1Collections + summary.Gc.Gen2Collections);
        Between("dotnet.gc.pause.time", summary => summary.Gc.PauseTotal.TotalSeconds);
        Between("dotnet.gc.heap.total_allocated", summary => summary.Gc.AllocatedBytes);
        Between("dotnet.thread_pool.work_item.count", summary => summary.ThreadPool.Completed);

        void Between(string instrument, Func<SystemSummary, double> value) => measured[instrument].Should().BeInRange(value(before), value(after), instrument);
    }

    [Fact]
    public void A_sample_allocates_little()
    {
        var sampler = new SystemSampler(new SystemFiles(), OperatingSystem.IsLinux());
        sampler.Sample();

        // The least of several runs; one in twelve looks at mounts and groups anew.
        Allocations.Least(() => sampler.Sample()).Should().BeLessThan(64 * 1024);
    }

    private static long MemInfo(string key) =>
        long.Parse(File.ReadLines("/proc/meminfo").Single(line => line.StartsWith(key + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Stopwatch.GetElapsedTime(started).Should().BeLessThan(Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }
}
