namespace Monitoring.SystemResources;

/// <summary>What is read of the system's files. One seam, so that tests can be any machine. None of it throws.</summary>
internal interface ISystemFiles
{
    /// <summary>Reads the beginning of a file, as much as fits.</summary>
    /// <returns>How many bytes; -1 when it is not there or may not be read.</returns>
    int Read(string path, Span<byte> into);

    /// <summary>How many entries of a folder have a number for a name; null when it cannot be read.</summary>
    int? CountNumbered(string folder);

    /// <summary>Whether a folder is there.</summary>
    bool FolderExists(string path);

    /// <summary>Space of what is mounted there; null when it does not say.</summary>
    DiskSpace? Space(string mountPoint);
}

/// <summary>Space of a disk in bytes; <paramref name="Available"/> is what an ordinary user may have of <paramref name="Free"/>.</summary>
internal readonly record struct DiskSpace(long Total, long Free, long Available);
