namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>
/// Hands out slices of one growing array and takes them all back at once. One thread allocates and resets, the reply
/// parser; <see cref="Dispose"/> may come from any other thread at any moment.
/// </summary>
/// <remarks>
/// Plain arrays, not pooled ones: a connection that is closed disposes its arena while the parser may still be filling
/// a slice. A pooled array would by then belong to somebody else; a plain one dies with its last slice.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
public sealed class Arena<T> : IDisposable
{
    private const int SmallestBlock = 64;

    // A reply with a million elements must not pin its block for the life of the connection.
    private const int LargestKeptBlock = 16 * 1024;

    private T[]? _block;
    private int _used;

    /// <summary>Creates an arena that owns no memory yet.</summary>
    /// <param name="options">Ignored.</param>
    /// <param name="allocator">Ignored.</param>
    public Arena(ArenaOptions? options = null, Allocator<T>? allocator = null)
    {
        _ = options;
        _ = allocator;
    }

    /// <summary>A slice of <paramref name="length"/> elements, all default, valid until the next <see cref="Reset"/>.</summary>
    /// <param name="length">How many elements, 0 or more.</param>
    public Sequence<T> Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length == 0)
            return default;

        // One read of the field: Dispose may null it between any two.
        var block = _block;
        if (block is null || length > block.Length - _used)
            block = Grow(block, length);
        var start = _used;
        _used = start + length;
        return new Sequence<T>(block, start, length);
    }

    /// <summary>Takes every slice back. What they held is forgotten, so that no reply outlives its turn here.</summary>
    public void Reset()
    {
        if (_used == 0)
            return;
        var block = _block;
        if (block is not null)
        {
            if (block.Length > LargestKeptBlock)
                _block = null;
            else
                block.AsSpan(0, _used).Clear();
        }

        _used = 0;
    }

    /// <summary>Lets go of the memory. Slices that are out stay valid.</summary>
    public void Dispose() => _block = null;

    // Slices of the full block keep it alive by themselves; only the newest block is ours.
    private T[] Grow(T[]? full, int length)
    {
        var size = Math.Max(SmallestBlock, length);
        if (full is not null)
            size = Math.Max(size, Math.Min(full.Length * 2, LargestKeptBlock));
        _used = 0;
        return _block = new T[size];
    }
}
