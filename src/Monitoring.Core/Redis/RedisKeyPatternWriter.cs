namespace Monitoring.Redis;

/// <summary>Writes a pattern piece by piece; cut after the last whole piece when the next does not fit.</summary>
internal ref struct RedisKeyPatternWriter(Span<char> target)
{
    /// <summary>How long a pattern is at most, in characters.</summary>
    public const int Longest = 128;

    private const string Placeholder = "{id}";
    private const char Cut = '*';

    private readonly Span<char> _target = target[..Longest];

    // Where a whole piece ended that leaves room for the cut.
    private int _cutAt = 0;
    private int _placeholderEnd = -1;

    /// <summary>Characters written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the pattern was cut; nothing is written any more.</summary>
    public bool IsFull { get; private set; }

    public void Write(ReadOnlySpan<char> text)
    {
        if (IsFull)
        {
            return;
        }

        if (text.Length > Longest - Length)
        {
            _target[_cutAt] = Cut;
            (Length, IsFull) = (_cutAt + 1, true);
            return;
        }

        text.CopyTo(_target[Length..]);
        Length += text.Length;
    }

    /// <summary>Writes <c>{id}</c>, unless it would be the second with nothing but a dash or a dot between.</summary>
    public void WritePlaceholder()
    {
        if (IsFull)
        {
            return;
        }

        if (Length > 0 && _placeholderEnd == Length - 1 && _target[Length - 1] is '-' or '.')
        {
            Length--;
        }
        else
        {
            Write(Placeholder);
        }

        _placeholderEnd = Length;
    }

    /// <summary>Marks where the pattern may be cut.</summary>
    public void EndPiece() => _cutAt = Length < Longest ? Length : _cutAt;
}
