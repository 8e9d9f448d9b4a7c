using System.Text;
using Monitoring.SystemResources;

namespace Monitoring.Core.Tests.SystemResources;

/// <summary>A machine that is what a test says.</summary>
internal sealed class FixtureFiles : ISystemFiles
{
    private readonly Dictionary<string, byte[]> _files = [];

    public Dictionary<string, DiskSpace> Spaces { get; } = [];

    public HashSet<string> Folders { get; } = [];

    public int Processes { get; set; } = 42;

    public string this[string path]
    {
        set => _files[path] = Encoding.UTF8.GetBytes(value);
    }

    /// <summary>Two processors, 8 GiB, one disk with two partitions, one interface; no control groups.</summary>
    public static FixtureFiles Machine()
    {
        const long gib = 1L << 30;
        var files = new FixtureFiles
        {
            ["/proc/stat"] = "cpu  1000 0 500 8000 500 0 0 0 0 0\ncpu0 500 0 250 4000 250 0 0 0 0 0\nintr 1 2 3\n",
            ["/proc/meminfo"] = "MemTotal:        8388608 kB\nMemFree:         1048576 kB\nMemAvailable:    6291456 kB\nBuffers:          1 kB\n",
            ["/proc/loadavg"] = "0.50 1.25 2.00 3/457 12345\n",
            ["/proc/self/stat"] = "77 (a) b (c) S 1 77 77 0 -1 4194304 1 0 0 0 10 5 0 0 20 0 23 0 100 1 1 18446744073709551615 1\n",
            ["/proc/self/limits"] = "Limit                     Soft Limit           Hard Limit           Units     \nMax cpu time              unlimited            unlimited            seconds   \nMax open files            1024                 524288               files     \n",
            ["/proc/diskstats"] = " 259 0 nvme0n1 100 0 2000 50 200 0 4000 60 0 1000 110\n 259 1 nvme0n1p1 90 0 1900 50 190 0 3900 60 0 900 110\n 7 0 loop0 5 0 5 0 0 0 0 0 0 0 0\n 253 0 dm-0 1 1 1 1 1 1 1 1 1 1 1\n",
            ["/proc/self/net/dev"] = "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    lo: 999 9 0 0 0 0 0 0 999 9 0 0 0 0 0 0\n  eth0:10000 100 1 2 0 0 0 0 20000 200 0 0 0 0 0 0\n",
            ["/proc/self/mountinfo"] =
                "22 1 259:1 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p1 rw\n23 22 0:5 / /proc rw - proc proc rw\n24 22 0:6 / /dev/shm rw - tmpfs tmpfs rw\n"
                + "25 22 259:2 / /data\\040two rw - xfs /dev/nvme0n1p2 rw\n26 22 259:1 /var /srv/jail/var rw - ext4 /dev/nvme0n1p1 rw\n27 22 7:1 / /snap/core rw - squashfs /dev/loop1 ro\n28 22 0:40 / /mnt/far rw - nfs4 far:/share rw\n",
        };
        files.Spaces["/"] = new DiskSpace(100 * gib, 30 * gib, 20 * gib);
        files.Spaces["/data two"] = new DiskSpace(10 * gib, gib, gib);
        files.Folders.UnionWith(["/", "/data two", "/srv/jail/var", "/snap/core", "/mnt/far", "/sys/block/nvme0n1"]);
        return files;
    }

    public void Remove(string path) => _files.Remove(path);

    public int Read(string path, Span<byte> into)
    {
        if (!_files.TryGetValue(path, out var content))
        {
            return -1;
        }

        var length = Math.Min(into.Length, content.Length);
        content.AsSpan(0, length).CopyTo(into);
        return length;
    }

    public int? CountNumbered(string folder) => folder == "/proc" ? Processes : 18;

    public bool FolderExists(string path) => Folders.Contains(path);

    public DiskSpace? Space(string mountPoint) => Spaces.TryGetValue(mountPoint, out var space) ? space : null;
}
