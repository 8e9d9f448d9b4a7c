using System.IO.Enumeration;

namespace Monitoring.SystemResources;

/// <summary>The files of this machine.</summary>
internal sealed class SystemFiles : ISystemFiles
{
    private static readonly EnumerationOptions Flat = new() { AttributesToSkip = 0, IgnoreInaccessible = true, RecurseSubdirectories = false };

    public int Read(string path, Span<byte> into)
    {
        // Asked before, for an exception costs more than all the rest of a sample.
        if (!File.Exists(path))
        {
            return -1;
        }

        try
        {
            using var handle = File.OpenHandle(path);
            var length = 0;
            while (length < into.Length)
            {
                var read = RandomAccess.Read(handle, into[length..], length);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }

            return length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return -1;
        }
    }

    public int? CountNumbered(string folder)
    {
        try
        {
            // The predicate sees the name in place: no string for each of some hundred processes.
            var numbered = new FileSystemEnumerable<byte>(folder, static (ref FileSystemEntry _) => 0, Flat)
            {
                ShouldIncludePredicate = static (ref FileSystemEntry entry) => entry.FileName.Length > 0 && !entry.FileName.ContainsAnyExceptInRange('0', '9'),
            };
            return numbered.Count();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool FolderExists(string path) => Directory.Exists(path);

    public DiskSpace? Space(string mountPoint)
    {
        try
        {
            var drive = new DriveInfo(mountPoint);
            return new DiskSpace(drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
