namespace Monitoring.SystemResources;

/// <summary>One line of <c>/proc/self/mountinfo</c>.</summary>
/// <param name="Device">Major and minor number of the device.</param>
/// <param name="Root">What of the file system is mounted.</param>
/// <param name="Point">Where.</param>
/// <param name="Format">Its type, such as <c>ext4</c>.</param>
/// <param name="Source">What is mounted, such as <c>/dev/sda1</c>.</param>
/// <param name="Options">Options of the file system; for cgroup v1 the controllers.</param>
internal sealed record Mount(string Device, string Root, string Point, string Format, string Source, string Options)
{
    // A node of a container platform has thousands; those of interest come early or are found among so many.
    private const int Most = 4096;

    public static List<Mount> Parse(ReadOnlySpan<byte> text)
    {
        List<Mount> mounts = [];
        while (mounts.Count < Most && Ascii.NextLine(ref text, out var line))
        {
            Ascii.NextField(ref line);
            Ascii.NextField(ref line);
            var device = Ascii.NextField(ref line);
            var root = Ascii.NextField(ref line);
            var point = Ascii.NextField(ref line);

            // Optional fields, as many as there are, end with a hyphen.
            ReadOnlySpan<byte> field;
            do
            {
                field = Ascii.NextField(ref line);
            }
            while (!field.IsEmpty && !field.SequenceEqual("-"u8));

            var format = Ascii.NextField(ref line);
            var source = Ascii.NextField(ref line);
            var options = Ascii.NextField(ref line);
            if (!format.IsEmpty && point.StartsWith("/"u8))
            {
                mounts.Add(new Mount(Ascii.Path(device), Ascii.Path(root), Ascii.Path(point), Ascii.Path(format), Ascii.Path(source), Ascii.Path(options)));
            }
        }

        return mounts;
    }

    /// <summary>
    /// Whether it is a disk whose space matters: not a part of the kernel, nor memory, nor an image that is always full,
    /// nor one across a network, which may keep who asks for its space waiting for ever.
    /// </summary>
    public bool IsDisk => Format switch
    {
        "squashfs" or "iso9660" or "udf" or "erofs" or "cramfs" => false,
        "overlay" => Point == "/",
        "zfs" or "btrfs" or "apfs" => true,
        _ => Source.StartsWith("/dev/", StringComparison.Ordinal) && !Format.StartsWith("fuse.", StringComparison.Ordinal),
    };
}
