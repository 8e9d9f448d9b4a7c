namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>
/// A <see cref="Sequence{T}"/> that has forgotten its element type. A reply's struct holds its children in it, which a
/// generic field of the struct's own type would not allow.
/// </summary>
public readonly struct Sequence
{
    private readonly Array? _array;
    private readonly int _start;
    private readonly int _length;

    internal Sequence(Array? array, int start, int length)
    {
        _array = array;
        _start = start;
        _length = length;
    }

    /// <summary>The number of elements.</summary>
    public long Length => _length;

    /// <summary>The slice with its type again.</summary>
    /// <typeparam name="T">The element it was made of.</typeparam>
    /// <exception cref="InvalidCastException">The slice is of another element.</exception>
    public Sequence<T> Cast<T>() => _array is null ? default : new Sequence<T>((T[])_array, _start, _length);
}
