namespace Monitoring.Redis;

/// <summary>What the word at the start of a text is like: a run of ASCII letters and digits.</summary>
internal readonly ref struct RedisKeyWord
{
    private const int LongestVersion = 4;

    private RedisKeyWord(ReadOnlySpan<char> text) => Text = text;

    public ReadOnlySpan<char> Text { get; }

    /// <summary>Where its first number begins.</summary>
    public int NumberStart { get; private init; }

    /// <summary>Where its first number ends.</summary>
    public int NumberEnd { get; private init; }

    /// <summary>How many numbers it has.</summary>
    public int Numbers { get; private init; }

    /// <summary>Whether all of it are hexadecimal digits.</summary>
    public bool IsHex { get; private init; }

    /// <summary>Whether it is letters of one case, or with one capital at the start.</summary>
    public bool IsPlain { get; private init; }

    /// <summary>Whether it is one letter v and up to three digits.</summary>
    public bool IsVersion =>
        Text.Length <= LongestVersion && Numbers == 1 && NumberStart == 1 && NumberEnd == Text.Length && Text[0] is 'v' or 'V';

    /// <summary>Reads the word that <paramref name="text"/> begins with; one without a character when there is none.</summary>
    public static RedisKeyWord Read(ReadOnlySpan<char> text)
    {
        var (length, numbers, start, end, capitals, small) = (0, 0, 0, 0, 0, 0);
        var isHex = true;
        var before = RedisKeyCharacter.FieldEnd;
        for (; length < text.Length && RedisKeyCharacters.Of(text[length]) is var kind && RedisKeyCharacters.IsWord(kind); length++)
        {
            switch (kind)
            {
                case RedisKeyCharacter.Upper:
                    capitals++;
                    break;
                case RedisKeyCharacter.Lower:
                    small++;
                    break;
                default:
                    numbers += before == RedisKeyCharacter.Digit ? 0 : 1;
                    start = numbers == 1 && before != RedisKeyCharacter.Digit ? length : start;
                    end = numbers == 1 ? length + 1 : end;
                    break;
            }

            isHex &= char.IsAsciiHexDigit(text[length]);
            before = kind;
        }

        return new RedisKeyWord(text[..length])
        {
            NumberStart = start,
            NumberEnd = end,
            Numbers = numbers,
            IsHex = isHex,
            IsPlain = numbers == 0 && (capitals == 0 || small == 0 || (capitals == 1 && char.IsAsciiLetterUpper(text[0]))),
        };
    }
}
