namespace Monitoring.SystemResources;

/// <summary>What the files of <c>/proc</c> say (man 5 proc). A line that is not as it should be is passed over.</summary>
internal static class ProcText
{
    private const int SectorBytes = 512;
    private const int LongestName = 64;

    /// <summary>Time of all processors since the start in ticks, and how much of it they were busy (<c>/proc/stat</c>): all but idle and waiting for disks.</summary>
    public static CpuTicks? Cpu(ReadOnlySpan<byte> text)
    {
        if (!Ascii.NextLine(ref text, out var line) || !Ascii.NextField(ref line).SequenceEqual("cpu"u8))
        {
            return null;
        }

        // user nice system idle iowait irq softirq steal; guest time is part of user's already.
        Span<long> times = stackalloc long[8];
        long total = 0;
        for (var i = 0; i < times.Length; i++)
        {
            if (Ascii.NextNumber(ref line) is not { } time)
            {
                return null;
            }

            times[i] = time;
            total += time;
        }

        return new CpuTicks(total - times[3] - times[4], total);
    }

    /// <summary>Memory of the machine in bytes, and how much of it can be had without swapping (<c>/proc/meminfo</c>).</summary>
    public static (long Total, long Available)? Memory(ReadOnlySpan<byte> text)
    {
        long? total = null, available = null;
        while ((total is null || available is null) && Ascii.NextLine(ref text, out var line))
        {
            var key = Ascii.NextField(ref line);
            if (key.SequenceEqual("MemTotal:"u8))
            {
                total = Ascii.NextNumber(ref line);
            }
            else if (key.SequenceEqual("MemAvailable:"u8))
            {
                available = Ascii.NextNumber(ref line);
            }
        }

        return total is > 0 and < long.MaxValue / 1024 && available <= total ? (total.Value * 1024, available.Value * 1024) : null;
    }

    /// <summary>The load averages (<c>/proc/loadavg</c>).</summary>
    public static LoadSummary? Load(ReadOnlySpan<byte> text)
    {
        var one = Ascii.Decimal(Ascii.NextField(ref text));
        var five = Ascii.Decimal(Ascii.NextField(ref text));
        var fifteen = Ascii.Decimal(Ascii.NextField(ref text));
        return one is null || five is null || fifteen is null ? null : new LoadSummary(one.Value, five.Value, fifteen.Value);
    }

    /// <summary>Threads of a process (<c>/proc/self/stat</c>, field 20). The name before them may have blanks and parentheses in it.</summary>
    public static int? Threads(ReadOnlySpan<byte> text)
    {
        text = text[(text.LastIndexOf((byte)')') + 1)..];
        for (var field = 3; field < 20; field++)
        {
            Ascii.NextField(ref text);
        }

        return Ascii.NextNumber(ref text) is { } threads and > 0 and <= int.MaxValue ? (int)threads : null;
    }

    /// <summary>The soft limit of file descriptors (<c>/proc/self/limits</c>); null if it is unlimited.</summary>
    public static long? DescriptorLimit(ReadOnlySpan<byte> text)
    {
        while (Ascii.NextLine(ref text, out var line))
        {
            var key = "Max open files"u8;
            if (line.StartsWith(key))
            {
                line = line[key.Length..];
                return Ascii.NextNumber(ref line) is { } limit and > 0 ? limit : null;
            }
        }

        return null;
    }

    /// <summary>Adds the traffic of each whole device (<c>/proc/diskstats</c>): not of partitions, nor of what lies on other devices.</summary>
    public static void Devices(ReadOnlySpan<byte> text, Names names, Func<string, bool> isDevice, List<DeviceTotals> devices)
    {
        // reads, merged, sectors, ms, writes, merged, sectors, ms, in flight, ms busy
        Span<long> fields = stackalloc long[10];
        while (Ascii.NextLine(ref text, out var line))
        {
            Ascii.NextField(ref line);
            Ascii.NextField(ref line);
            var name = Ascii.NextField(ref line);
            if (name.IsEmpty || name.Length > LongestName || IsVirtual(name))
            {
                continue;
            }

            var valid = true;
            for (var i = 0; i < fields.Length; i++)
            {
                var value = Ascii.NextNumber(ref line);
                valid &= value is < long.MaxValue / SectorBytes;
                fields[i] = value ?? 0;
            }

            // A device that has never been used is not there for most purposes.
            if (valid && fields[0] + fields[4] > 0 && names.Get(name) is var known && isDevice(known))
            {
                devices.Add(new DeviceTotals(known, fields[2] * SectorBytes, fields[6] * SectorBytes, fields[0], fields[4], fields[9]));
            }
        }
    }

    /// <summary>Adds the traffic of each interface but the loopback (<c>/proc/net/dev</c>).</summary>
    public static void Interfaces(ReadOnlySpan<byte> text, Names names, List<InterfaceTotals> interfaces)
    {
        // received: bytes packets errs drop fifo frame compressed multicast; sent: bytes packets errs drop …
        Span<long> fields = stackalloc long[12];
        while (Ascii.NextLine(ref text, out var line))
        {
            var at = line.LastIndexOf((byte)':');
            if (at < 0)
            {
                continue;
            }

            var name = line[..at].Trim(" \t"u8);
            line = line[(at + 1)..];

            var valid = !name.IsEmpty && name.Length <= LongestName && !name.SequenceEqual("lo"u8);
            for (var i = 0; valid && i < fields.Length; i++)
            {
                var value = Ascii.NextNumber(ref line);
                valid = value is not null;
                fields[i] = value ?? 0;
            }

            if (valid)
            {
                interfaces.Add(new InterfaceTotals(names.Get(name), fields[0], fields[8], fields[1], fields[9], fields[2] + fields[3] + fields[10] + fields[11]));
            }
        }
    }

    private static bool IsVirtual(ReadOnlySpan<byte> name) =>
        name.StartsWith("loop"u8) || name.StartsWith("ram"u8) || name.StartsWith("zram"u8) || name.StartsWith("dm-"u8) || name.StartsWith("md"u8) || name.StartsWith("sr"u8) || name.StartsWith("fd"u8);
}

/// <summary>Time of all processors in ticks of the kernel since the start.</summary>
internal readonly record struct CpuTicks(long Busy, long Total);

/// <summary>Traffic of a device since the machine's start.</summary>
internal readonly record struct DeviceTotals(string Name, long ReadBytes, long WrittenBytes, long Reads, long Writes, long BusyMilliseconds);

/// <summary>Traffic of an interface since the machine's start.</summary>
internal readonly record struct InterfaceTotals(string Name, long ReceivedBytes, long SentBytes, long ReceivedPackets, long SentPackets, long Errors);
