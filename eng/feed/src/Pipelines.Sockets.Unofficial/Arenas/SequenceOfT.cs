using System.Diagnostics.CodeAnalysis;

namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>
/// A slice of an arena: always one segment here. Elements are handed out by writable reference; nothing is copied and
/// nothing is checked against the arena's reset, which is the caller's to respect.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
public readonly partial struct Sequence<T>
{
    private readonly T[]? _array;
    private readonly int _start;
    private readonly int _length;

    internal Sequence(T[] array, int start, int length)
    {
        _array = array;
        _start = start;
        _length = length;
    }

    /// <summary>The number of elements.</summary>
    public long Length => _length;

    /// <summary>Whether there are no elements.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>Always: an arena's slice never crosses from one block into the next.</summary>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Called as an instance member.")]
    public bool IsSingleSegment => true;

    /// <summary>All elements.</summary>
    public Span<T> FirstSpan => new(_array, _start, _length);

    /// <summary>The one span there is, for callers that enumerate spans.</summary>
    public SpanEnumerable Spans => new(this);

    /// <summary>The element at <paramref name="index"/>.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such element.</exception>
    public ref T this[int index] => ref FirstSpan[index];

    /// <summary>Enumerates by reference.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>The slice without its type.</summary>
    public Sequence Untyped() => new(_array, _start, _length);
}
