namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>What a caller asks of an arena; kept for the signature, ignored by <see cref="Arena{T}"/>.</summary>
/// <param name="flags">How to allocate.</param>
/// <param name="blockSizeBytes">The size of a block in bytes; 0 leaves it to the arena.</param>
/// <param name="retentionPolicy">How much to keep after a reset, from what was kept and what was used, in bytes.</param>
public sealed class ArenaOptions(ArenaFlags flags = ArenaFlags.None, int blockSizeBytes = 0, Func<long, long, long>? retentionPolicy = null)
{
    /// <summary>How to allocate.</summary>
    public ArenaFlags Flags { get; } = flags;

    /// <summary>The size of a block in bytes; 0 leaves it to the arena.</summary>
    public int BlockSizeBytes { get; } = blockSizeBytes;

    /// <summary>How much to keep after a reset.</summary>
    public Func<long, long, long>? RetentionPolicy { get; } = retentionPolicy;
}
