using Monitoring.SystemResources;

namespace Monitoring.Core.Tests.SystemResources;

public sealed class CgroupTests
{
    private const string UnifiedMount = "30 22 0:29 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
    private const string SplitMounts =
        "33 32 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n34 32 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n35 32 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";

    private const string SplitMembership = "4:memory:/jobs/one\n2:cpu,cpuacct:/jobs/one\n0::/init.scope\n";

    [Fact]
    public void Version_2_limits_what_the_process_may_use()
    {
        using var stage = new SystemStage(Unified("0::/\n", static files =>
        {
            files["/sys/fs/cgroup/cpu.max"] = "50000 100000\n";
            files["/sys/fs/cgroup/cpu.stat"] = "usage_usec 1000000\nuser_usec 1\nnr_periods 100\nnr_throttled 10\nthrottled_usec 5\n";
            files["/sys/fs/cgroup/memory.max"] = "1073741824\n";
            files["/sys/fs/cgroup/memory.current"] = "805306368\n";
            files["/sys/fs/cgroup/memory.stat"] = "anon 1\nfile 2\ninactive_file 268435456\nactive_file 3\n";
        }));

        var summary = stage.Next(static files => files["/sys/fs/cgroup/cpu.stat"] = "usage_usec 2500000\nnr_periods 150\nnr_throttled 20\n");

        (summary.Cpu.IsLimited, summary.Cpu.AllowedProcessors).Should().Be((true, 0.5));
        summary.Cpu.ContainerPercent.Should().BeApproximately(60, 1e-9, "of 2.5 s of processor it had 1.5 s");
        summary.Cpu.UsagePercent.Should().Be(summary.Cpu.ContainerPercent);
        summary.Cpu.ThrottledPercent.Should().BeApproximately(20, 1e-9);
        (summary.Memory.ContainerLimitBytes, summary.Memory.ContainerUsedBytes, summary.Memory.UsagePercent).Should().Be((1L << 30, 512L << 20, 50), "the file cache that is given up first is not used");
        summary.Memory.MachineTotalBytes.Should().Be(8L << 30);
    }

    [Fact]
    public void The_tightest_group_on_the_way_up_counts_with_what_it_uses()
    {
        using var stage = new SystemStage(Unified("0::/a.slice/b.scope\n", static files =>
        {
            files["/sys/fs/cgroup/a.slice/b.scope/cpu.max"] = "max 100000\n";
            files["/sys/fs/cgroup/a.slice/cpu.max"] = "100000 100000\n";
            files["/sys/fs/cgroup/a.slice/cpu.stat"] = "usage_usec 0\n";
            files["/sys/fs/cgroup/a.slice/b.scope/memory.max"] = "4294967296\n";
            files["/sys/fs/cgroup/a.slice/b.scope/memory.current"] = "1\n";
            files["/sys/fs/cgroup/a.slice/memory.max"] = "2147483648\n";
            files["/sys/fs/cgroup/a.slice/memory.current"] = "1073741824\n";
        }));

        var summary = stage.Next(static files => files["/sys/fs/cgroup/a.slice/cpu.stat"] = "usage_usec 1250000\n");

        summary.Cpu.AllowedProcessors.Should().Be(1);
        summary.Cpu.ContainerPercent.Should().BeApproximately(25, 1e-9);
        (summary.Memory.ContainerLimitBytes, summary.Memory.ContainerUsedBytes, summary.Memory.UsagePercent).Should().Be((2L << 30, 1L << 30, 50));
        summary.Cpu.ThrottledPercent.Should().BeNull("the file does not say");
    }

    [Fact]
    public void Version_1_limits_too_and_goes_before_an_empty_version_2()
    {
        using var stage = new SystemStage(Split(static files =>
        {
            files["/sys/fs/cgroup/cpu,cpuacct/jobs/one/cpu.cfs_quota_us"] = "150000\n";
            files["/sys/fs/cgroup/cpu,cpuacct/jobs/one/cpu.cfs_period_us"] = "100000\n";
            files["/sys/fs/cgroup/cpu,cpuacct/jobs/one/cpuacct.usage"] = "1000000000\n";
            files["/sys/fs/cgroup/cpu,cpuacct/jobs/one/cpu.stat"] = "nr_periods 10\nnr_throttled 1\nthrottled_time 5\n";
            files["/sys/fs/cgroup/memory/jobs/one/memory.limit_in_bytes"] = "1073741824\n";
            files["/sys/fs/cgroup/memory/jobs/one/memory.usage_in_bytes"] = "536870912\n";
            files["/sys/fs/cgroup/memory/jobs/one/memory.stat"] = "inactive_file 7\nhierarchical_memory_limit 1073741824\ntotal_inactive_file 268435456\n";
        }));

        var summary = stage.Next(static files => files["/sys/fs/cgroup/cpu,cpuacct/jobs/one/cpuacct.usage"] = "2500000000\n");

        summary.Cpu.AllowedProcessors.Should().Be(Math.Min(1.5, Environment.ProcessorCount));
        summary.Cpu.ContainerPercent.Should().BeApproximately(20, 1e-9);
        summary.Cpu.ThrottledPercent.Should().Be(0);
        (summary.Memory.ContainerLimitBytes, summary.Memory.ContainerUsedBytes).Should().Be((1L << 30, 256L << 20));
    }

    [Fact]
    public void Version_1_without_limits_is_no_limit()
    {
        using var stage = new SystemStage(Split(static files =>
        {
            files["/sys/fs/cgroup/cpu,cpuacct/jobs/one/cpu.cfs_quota_us"] = "-1\n";
            files["/sys/fs/cgroup/cpu,cpuacct/jobs/one/cpu.cfs_period_us"] = "100000\n";
            files["/sys/fs/cgroup/memory/jobs/one/memory.limit_in_bytes"] = "9223372036854771712\n";
            files["/sys/fs/cgroup/memory/jobs/one/memory.stat"] = "hierarchical_memory_limit 9223372036854771712\n";
        }));

        ShouldBeUnlimited(stage.Next());
    }

    [Fact]
    public void A_limit_that_only_the_hierarchy_tells_of_counts()
    {
        using var stage = new SystemStage(Split(static files =>
        {
            files["/sys/fs/cgroup/memory/jobs/one/memory.limit_in_bytes"] = "9223372036854771712\n";
            files["/sys/fs/cgroup/memory/jobs/one/memory.stat"] = "hierarchical_memory_limit 2147483648\n";
            files["/sys/fs/cgroup/memory/jobs/one/memory.usage_in_bytes"] = "1073741824\n";
        }));

        stage.Next().Memory.UsagePercent.Should().Be(50);
    }

    [Fact]
    public void A_container_whose_own_group_is_what_is_mounted_finds_its_files_there()
    {
        var files = FixtureFiles.Machine();
        files["/proc/self/mountinfo"] = "34 32 0:31 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";
        files["/proc/self/cgroup"] = "4:memory:/docker/abc\n";
        files["/sys/fs/cgroup/memory/memory.limit_in_bytes"] = "1073741824\n";
        files["/sys/fs/cgroup/memory/memory.usage_in_bytes"] = "268435456\n";
        using var stage = new SystemStage(files);

        stage.Next().Memory.UsagePercent.Should().Be(25);
    }

    [Theory]
    [InlineData("0::/\n", "max 100000\n", "max\n")]
    [InlineData("0::/../../elsewhere\n", "", "")]
    [InlineData("0::/a/../../../etc\n", "-5 100000\n", "-1\n")]
    [InlineData("", "50000\n", "12abc\n")]
    [InlineData("::::\n\n0\n:\n0:\n99999999999999999999::/x\n", "50000 0\n", "99999999999999999999999\n")]
    [InlineData("0::relative\n", "99999999999999999999 1\n", "0\n")]
    public void What_is_no_limit_or_nonsense_is_no_limit(string membership, string cpuMax, string memoryMax)
    {
        using var stage = new SystemStage(Unified(membership, files =>
        {
            files["/sys/fs/cgroup/cpu.max"] = cpuMax;
            files["/sys/fs/cgroup/memory.max"] = memoryMax;
        }));

        ShouldBeUnlimited(stage.Next());
        stage.Errors.Count.Should().Be(0);
    }

    private static void ShouldBeUnlimited(SystemSummary summary)
    {
        (summary.Cpu.IsLimited, summary.Cpu.AllowedProcessors, summary.Cpu.ContainerPercent).Should().Be((false, Environment.ProcessorCount, null));
        (summary.Memory.ContainerLimitBytes, summary.Memory.ContainerUsedBytes, summary.Memory.UsagePercent).Should().Be((null, null, 25), "that of the machine");
    }

    private static FixtureFiles Unified(string membership, Action<FixtureFiles> fill) => With(UnifiedMount, membership, fill);

    private static FixtureFiles Split(Action<FixtureFiles> fill) => With(SplitMounts, SplitMembership, fill);

    private static FixtureFiles With(string mounts, string membership, Action<FixtureFiles> fill)
    {
        var files = FixtureFiles.Machine();
        files["/proc/self/mountinfo"] = mounts;
        files["/proc/self/cgroup"] = membership;
        fill(files);
        return files;
    }
}
