using Monitoring.SystemResources;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.SystemResources;

public sealed class SystemMonitorTests
{
    [Fact]
    public void Knows_nothing_before_the_first_sample()
    {
        using var stage = new SystemStage();

        stage.Summary.Should().BeEquivalentTo(new { SampledAt = (DateTimeOffset?)null, Count = 0, Window = TimeSpan.FromHours(1) });
        stage.Readings(TimeSpan.FromMinutes(1)).Should().BeEmpty();
    }

    [Fact]
    public void Shows_what_is_without_a_sample_to_compare_with()
    {
        using var stage = new SystemStage();
        stage.Clock.Advance(TimeSpan.Zero);

        var summary = stage.Summary;

        (summary.Cpu.UsagePercent, summary.Cpu.MachinePercent, summary.Cpu.ProcessPercent).Should().Be((null, null, null));
        (summary.Memory.MachineTotalBytes, summary.Memory.MachineUsedBytes, summary.Memory.UsagePercent).Should().Be((8L << 30, 2L << 30, 25));
        summary.Memory.ContainerLimitBytes.Should().BeNull();
        summary.Load.Should().Be(new LoadSummary(0.5, 1.25, 2));
        (summary.ProcessCount, summary.Process.Threads, summary.Process.Handles, summary.Process.HandleLimit).Should().Be((42, 23, 17, 1024));
        summary.Process.HandlesPercent.Should().BeApproximately(100.0 * 17 / 1024, 1e-9);
        (summary.Network!.ReceivedBytesPerSecond, summary.DiskIo!.WrittenBytesPerSecond, summary.ThreadPool.CompletedPerSecond, summary.Gc.AllocatedBytesPerSecond).Should().Be((0, 0, 0, 0));
        stage.Errors.Count.Should().Be(0);
    }

    [Fact]
    public void Lists_real_disks_once_the_fullest_first()
    {
        using var stage = new SystemStage();
        stage.Clock.Advance(TimeSpan.Zero);

        stage.Summary.Disks.Select(disk => (disk.Name, disk.Format, disk.UsedPercent)).Should().Equal(("/data two", "xfs", 90), ("/", "ext4", 100.0 * 70 / 90));
        stage.Summary.Disks[1].Should().BeEquivalentTo(new { TotalBytes = 100L << 30, UsedBytes = 70L << 30, AvailableBytes = 20L << 30 });
    }

    [Fact]
    public void Makes_rates_of_two_samples()
    {
        using var stage = new SystemStage();

        var summary = stage.Next(static files =>
        {
            // 1,000 ticks, of which 250 were busy and 150 waited for a disk.
            files["/proc/stat"] = "cpu  1200 0 550 8600 650 0 0 0 0 0\n";
            files["/proc/diskstats"] = " 259 0 nvme0n1 110 0 4000 50 250 0 14000 60 0 3500 110\n";
            files["/proc/self/net/dev"] = "  eth0:60000 600 1 7 0 0 0 0 120000 700 0 0 0 0 0 0\n";
        });

        summary.Cpu.MachinePercent.Should().BeApproximately(25, 1e-9);
        summary.Cpu.UsagePercent.Should().Be(summary.Cpu.MachinePercent);
        summary.Cpu.ProcessPercent.Should().BeInRange(0, 100);
        summary.DiskIo!.Devices.Should().ContainSingle().Which.Should().BeEquivalentTo(new
        {
            Name = "nvme0n1",
            ReadBytesPerSecond = 2000 * 512 / 5.0,
            WrittenBytesPerSecond = 10_000 * 512 / 5.0,
            ReadsPerSecond = 2.0,
            WritesPerSecond = 10.0,
            BusyPercent = 50.0,
        });
        summary.Network!.Interfaces.Should().ContainSingle().Which.Should().BeEquivalentTo(new
        {
            Name = "eth0",
            ReceivedBytesPerSecond = 10_000.0,
            SentBytesPerSecond = 20_000.0,
            ReceivedPacketsPerSecond = 100.0,
            SentPacketsPerSecond = 100.0,
            ErrorsPerSecond = 1.0,
        });
        (summary.Network.ReceivedBytesPerSecond, summary.DiskIo.ReadBytesPerSecond).Should().Be((10_000, 204_800));
    }

    [Fact]
    public void A_counter_that_goes_back_and_a_device_that_comes_are_no_traffic()
    {
        using var stage = new SystemStage();
        stage.Files.Folders.Add("/sys/block/sdb");

        var summary = stage.Next(static files =>
        {
            files["/proc/diskstats"] = " 259 0 nvme0n1 1 0 2 5 2 0 4 6 0 10 1\n 8 16 sdb 100 0 2000 50 200 0 4000 60 0 1000 110\n";
            files["/proc/self/net/dev"] = "  eth0:5 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0\n";
        });

        summary.DiskIo!.Devices.Select(device => device.Name).Should().Equal("sdb", "nvme0n1");
        (summary.DiskIo.ReadBytesPerSecond, summary.DiskIo.WrittenBytesPerSecond, summary.Network!.ReceivedBytesPerSecond).Should().Be((0, 0, 0));
    }

    [Fact]
    public void Remembers_the_window_and_no_more()
    {
        using var stage = new SystemStage();
        var (busy, total) = (0L, 0L);
        stage.Files["/proc/stat"] = "cpu  0 0 0 0 0 0 0 0 0 0\n";
        stage.Clock.Advance(TimeSpan.Zero);
        foreach (var percent in Enumerable.Repeat(10, 720).Concat(Enumerable.Repeat(30, 6)).Concat(Enumerable.Repeat(50, 6)))
        {
            (busy, total) = (busy + percent, total + 100);
            stage.Next(files => files["/proc/stat"] = $"cpu  {busy} 0 0 {total - busy} 0 0 0 0 0 0\n");
        }

        var minute = stage.Monitor.GetSummary(TimeSpan.FromSeconds(59));
        minute.Count.Should().Be(12);
        (minute.Cpu.MinimumPercent, minute.Cpu.AveragePercent, minute.Cpu.MaximumPercent, minute.Memory.AveragePercent).Should().Be((30, 40, 50, 25));
        minute.History.Select(point => point.CpuPercent).Should().Equal(Enumerable.Repeat<double?>(30, 6).Concat(Enumerable.Repeat<double?>(50, 6)));
        var hour = stage.Summary;
        hour.Count.Should().Be(721);
        hour.History.Should().HaveCountLessThanOrEqualTo(60).And.BeInAscendingOrder(point => point.At);
        (hour.Cpu.MinimumPercent, hour.Cpu.MaximumPercent).Should().Be((10, 50));
        stage.Monitor.GetSummary(TimeSpan.FromDays(1)).Window.Should().Be(TimeSpan.FromHours(1));
    }

    [Fact]
    public void Is_read_for_alerts_over_their_window()
    {
        using var stage = new SystemStage();
        var total = 0L;
        stage.Files["/proc/stat"] = "cpu  0 0 0 0 0 0 0 0 0 0\n";
        stage.Next();
        Work(100);
        Work(100);
        stage.Readings(TimeSpan.FromSeconds(10)).Should().NotContainKey((MetricNames.CpuUsage, null), "a process is busy at its start");
        for (var i = 0; i < 10; i++)
        {
            Work(40);
        }

        var readings = stage.Readings(TimeSpan.FromSeconds(9));

        readings[(MetricNames.CpuUsage, null)].Value.Should().BeApproximately(40, 1e-4);
        stage.Readings(TimeSpan.FromMinutes(1))[(MetricNames.CpuUsage, null)].Value.Should().BeApproximately((100.0 + 100 + 400) / 12, 1e-4);
        readings[(MetricNames.MemoryUsage, null)].Value.Should().Be(25);
        readings[(MetricNames.DiskUsage, "/data two")].Value.Should().Be(90);
        readings[(MetricNames.DiskUsage, "/data two")].Context!().Should().Contain("available", "1024 MiB");
        readings[(MetricNames.CpuUsage, null)].Context!().Should().ContainKey("workingSet");

        void Work(int percent)
        {
            total += 100;
            _busy += percent;
            stage.Next(files => files["/proc/stat"] = $"cpu  {_busy} 0 0 {total - _busy} 0 0 0 0 0 0\n");
        }
    }

    [Fact]
    public void Says_nothing_to_alerts_once_samples_fail_to_come()
    {
        using var stage = new SystemStage();
        stage.Next();
        stage.Monitor.Dispose();

        stage.Clock.Advance(TimeSpan.FromSeconds(15));
        stage.Readings(TimeSpan.FromMinutes(1)).Should().NotBeEmpty();
        stage.Clock.Advance(TimeSpan.FromSeconds(1));

        stage.Readings(TimeSpan.FromMinutes(1)).Should().BeEmpty();
        stage.Summary.Memory.UsagePercent.Should().Be(25, "what was found last is still shown, with its time");
    }

    [Fact]
    public void What_is_too_much_to_list_is_left_out_and_counted_but_is_part_of_the_sums()
    {
        using var stage = new SystemStage(options: new SystemOptions { NetworkInterfaceCapacity = 2, DiskCapacity = 1 });
        string Interfaces(int bytes) => string.Concat(Enumerable.Range(1, 300).Select(i => $"veth{i}: {(bytes * i) + i} 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"));
        stage.Files["/proc/self/net/dev"] = Interfaces(0);

        var summary = stage.Next(files => files["/proc/self/net/dev"] = Interfaces(5));

        summary.Network!.Interfaces.Select(one => one.Name).Should().Equal("veth300", "veth299");
        summary.Network.ReceivedBytesPerSecond.Should().Be(300 * 301 / 2);
        summary.Disks.Should().ContainSingle().Which.Name.Should().Be("/data two");
        summary.LeftOut.Should().Be(298 + 1);
    }

    [Fact]
    public void A_machine_that_tells_nothing_has_what_dotnet_knows()
    {
        using var stage = new SystemStage(new FixtureFiles());

        var summary = stage.Next();

        (summary.Load, summary.Cpu.MachinePercent, summary.Memory.UsagePercent, summary.Process.Threads, summary.DiskIo, summary.Network).Should().Be((null, null, null, null, null, null));
        summary.Disks.Should().BeEmpty();
        summary.Cpu.UsagePercent.Should().Be(summary.Cpu.ProcessPercent).And.NotBeNull();
        summary.Memory.WorkingSetBytes.Should().BePositive();
        summary.Memory.ManagedHeapBytes.Should().BePositive();
        summary.ThreadPool.MaximumThreads.Should().BePositive();
        summary.Gc.AllocatedBytes.Should().BePositive();
        stage.Errors.Count.Should().Be(0);
    }

    [Fact]
    public void Nothing_is_sampled_when_it_is_switched_off()
    {
        using var stage = new SystemStage(options: new SystemOptions { Enabled = false });

        stage.Next().SampledAt.Should().BeNull();
    }

    private long _busy;
}
