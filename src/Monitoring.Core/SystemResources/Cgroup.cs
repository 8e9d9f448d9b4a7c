namespace Monitoring.SystemResources;

/// <summary>
/// The control groups that limit this process, versions 1 and 2 (kernel documentation: admin-guide/cgroup-v2, cgroup-v1).
/// A limit of any group above counts too, and what counts against it is what that group uses.
/// </summary>
internal sealed class Cgroup
{
    private const int Deepest = 32;
    private const int BufferSize = 8 * 1024;

    // From the process's own group up to the highest one that can be seen.
    private readonly Controller? _cpu;
    private readonly Controller? _account;
    private readonly Controller? _memory;
    private readonly ISystemFiles _files;
    private readonly byte[] _buffer = new byte[BufferSize];

    private Cgroup(ISystemFiles files, Controller? cpu, Controller? account, Controller? memory)
    {
        _files = files;
        _cpu = cpu;
        _account = account;
        _memory = memory;
    }

    /// <summary>Finds the groups of this process.</summary>
    /// <param name="files">Where to look.</param>
    /// <param name="mounts">What is mounted.</param>
    /// <param name="membership">Content of <c>/proc/self/cgroup</c>.</param>
    public static Cgroup Find(ISystemFiles files, IReadOnlyList<Mount> mounts, ReadOnlySpan<byte> membership)
    {
        Dictionary<string, string> paths = new(StringComparer.Ordinal);
        while (Ascii.NextLine(ref membership, out var line))
        {
            var hierarchy = Ascii.Until(ref line, (byte)':');
            var controllers = Ascii.Until(ref line, (byte)':');
            if (line.StartsWith("/"u8) && Ascii.Number(hierarchy) is not null && paths.Count < Deepest)
            {
                var path = System.Text.Encoding.UTF8.GetString(line);
                foreach (var controller in System.Text.Encoding.UTF8.GetString(controllers).Split(','))
                {
                    paths.TryAdd(controller, path);
                }
            }
        }

        var unified = mounts.FirstOrDefault(static mount => mount.Format == "cgroup2") is { } mount && paths.TryGetValue("", out var own)
            ? new Controller(Folders(mount, own), IsUnified: true)
            : null;
        var account = First("cpuacct");
        return new Cgroup(files, First("cpu") ?? unified, account ?? unified, First("memory") ?? unified);

        // A controller is in one hierarchy only: where version 1 has it, the unified one has not.
        Controller? First(string name) =>
            paths.TryGetValue(name, out var path) && mounts.FirstOrDefault(mount => mount.Format == "cgroup" && mount.Options.Split(',').Contains(name)) is { } found
                ? new Controller(Folders(found, path), IsUnified: false)
                : null;
    }

    /// <summary>Processors that the group and those above it may use, and what has been used of them; null if there is no limit.</summary>
    public CgroupCpu? ReadCpu()
    {
        double? tightest = null;
        var at = 0;
        for (var i = 0; i < _cpu?.Folders.Length; i++)
        {
            if (Quota(_cpu.Folders[i], _cpu.IsUnified) is { } quota && !(quota >= tightest))
            {
                (tightest, at) = (quota, i);
            }
        }

        if (tightest is not { } limit)
        {
            return null;
        }

        var statistics = Read(_cpu!.Folders[at] + "/cpu.stat");
        var periods = Value(statistics, "nr_periods"u8);
        var throttled = Value(statistics, "nr_throttled"u8);
        TimeSpan? used = null;
        if (_account is { IsUnified: true })
        {
            used = Value(statistics, "usage_usec"u8) is { } microseconds and < long.MaxValue / TimeSpan.TicksPerMicrosecond ? TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond) : null;
        }
        else if (_account is { } account)
        {
            // The same depth from the top, where the two are mounted apart; else the same group.
            var depth = account.Folders.Length - (_cpu.Folders.Length - at);
            var nanoseconds = Number(account.Folders[Math.Clamp(depth, 0, account.Folders.Length - 1)] + "/cpuacct.usage");
            used = nanoseconds is { } time ? TimeSpan.FromTicks(time / TimeSpan.NanosecondsPerTick) : null;
        }

        return new CgroupCpu(limit, used, periods, throttled);
    }

    /// <summary>Memory that the group and those above it may use, and what they use; null if there is no limit below that of the machine.</summary>
    /// <param name="machine">Memory of the machine: version 1 says a number beyond every machine's when it means no limit.</param>
    public CgroupMemory? ReadMemory(long machine)
    {
        long? tightest = null;
        var at = 0;
        for (var i = 0; i < _memory?.Folders.Length; i++)
        {
            var limit = Number(_memory.Folders[i] + (_memory.IsUnified ? "/memory.max" : "/memory.limit_in_bytes"));

            // What the groups above allow that cannot be seen from here.
            if (i == 0 && !_memory.IsUnified && Value(Read(_memory.Folders[0] + "/memory.stat"), "hierarchical_memory_limit"u8) is { } hierarchical && !(hierarchical >= limit))
            {
                limit = hierarchical;
            }

            if (limit is > 0 && limit < machine && !(limit >= tightest))
            {
                (tightest, at) = (limit, i);
            }
        }

        if (tightest is not { } bytes)
        {
            return null;
        }

        var folder = _memory!.Folders[at];
        var used = Number(folder + (_memory.IsUnified ? "/memory.current" : "/memory.usage_in_bytes"));
        var inactive = Value(Read(folder + "/memory.stat"), _memory.IsUnified ? "inactive_file"u8 : "total_inactive_file"u8) ?? 0;
        return new CgroupMemory(bytes, used is { } all ? Math.Max(0, all - inactive) : null);
    }

    private static string[] Folders(Mount mount, string path)
    {
        // What is mounted may be a group itself (a container without a namespace for groups), and the path is from the true top.
        var below = mount.Root == "/" ? path : path.StartsWith(mount.Root, StringComparison.Ordinal) && (path.Length == mount.Root.Length || path[mount.Root.Length] == '/') ? path[mount.Root.Length..] : "/";
        var segments = below.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length > Deepest || segments.Contains(".."))
        {
            // Outside of what can be seen.
            segments = [];
        }

        var top = mount.Point.TrimEnd('/');
        return [.. Enumerable.Range(0, segments.Length + 1).Select(up => string.Join('/', segments.Take(segments.Length - up).Prepend(top)))];
    }

    private double? Quota(string folder, bool isUnified)
    {
        if (isUnified)
        {
            // "max 100000" or "50000 100000"
            var text = Read(folder + "/cpu.max").TrimEnd("\n"u8);
            var quota = Ascii.NextNumber(ref text);
            var period = Ascii.NextNumber(ref text);
            return quota is > 0 && period is > 0 ? (double)quota / period : null;
        }

        // -1 is no limit, and no number here.
        return Number(folder + "/cpu.cfs_quota_us") is { } quotaV1 and > 0 && Number(folder + "/cpu.cfs_period_us") is { } periodV1 and > 0 ? (double)quotaV1 / periodV1 : null;
    }

    private ReadOnlySpan<byte> Read(string path) => _files.Read(path, _buffer) is var length and > 0 ? _buffer.AsSpan(0, length) : default;

    private long? Number(string path) => Ascii.Number(Read(path).Trim(" \n"u8));

    private static long? Value(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        while (Ascii.NextLine(ref text, out var line))
        {
            if (Ascii.NextField(ref line).SequenceEqual(key))
            {
                return Ascii.NextNumber(ref line);
            }
        }

        return null;
    }

    private sealed record Controller(string[] Folders, bool IsUnified);
}

/// <summary>A limit of processors, and what has been used since the group was made.</summary>
internal readonly record struct CgroupCpu(double Limit, TimeSpan? Used, long? Periods, long? Throttled);

/// <summary>A limit of memory, and what is used without the file cache that is given up first.</summary>
internal readonly record struct CgroupMemory(long Limit, long? Used);
