namespace Monitoring.Redis;

/// <summary>
/// Turns a key into its pattern: names stay, what identifies one of many becomes <c>{id}</c>. Pure; allocates nothing;
/// takes any text. A pattern has at most <see cref="Longest"/> characters and is its own pattern.
/// </summary>
/// <remarks>
/// <para>A word is a run of ASCII letters and digits, a field is what stands between any of <c>: / | # { } =</c> and the
/// other punctuation but <c>. - _ % + @ ~</c>. Separators are copied, the braces of a hash tag too: <c>{user}:42</c> is
/// <c>{user}:{id}</c>, <c>{42}:cart</c> is <c>{{id}}:cart</c>. The first rule that fits, left to right:</para>
/// <list type="number">
/// <item>A field with a control character or with U+FFFD is binary: it and all that follows is one <c>{id}</c>.</item>
/// <item>A field with an <c>@</c> (or <c>%40</c>), with a character beyond ASCII, or longer than 128 is <c>{id}</c>.</item>
/// <item>A GUID with dashes is <c>{id}</c>.</item>
/// <item>A token that looks like base64url is <c>{id}</c>: 16 or more letters, digits, <c>-</c>, <c>_</c> and <c>+</c>
/// with both cases and a digit, in which the kind of character changes at every fourth place at least.</item>
/// <item>A word is <c>{id}</c> if it is a number; hexadecimal, of 8 characters or more, with a digit; of 16 or more with a
/// digit; one with two or more numbers in it; of more than 32 letters; or of 16 or more letters that look random: see
/// <see cref="LooksRandom"/>.</item>
/// <item>A version (<c>v2</c>: one letter v, up to three digits) and other words without a digit stay.</item>
/// <item>The one number in a word is <c>{id}</c>, its letters stay: <c>item991</c> is <c>item{id}</c>.</item>
/// </list>
/// <para>Two <c>{id}</c> with nothing but <c>-</c> or <c>.</c> between them are one: <c>order-2024-11-21</c> is
/// <c>order-{id}</c>. A pattern that would be too long is cut after a word and ends with <c>*</c>.</para>
/// </remarks>
internal static class RedisKeyNormalizer
{
    /// <summary>How long a pattern is at most, in characters.</summary>
    public const int Longest = RedisKeyPatternWriter.Longest;

    private const int LongestField = 128;
    private const int LongestName = 32;
    private const int ShortestToken = 16;
    private const int ShortestHex = 8;

    // Of the words of 16 to 32 letters in .NET's own API 0.1 % change so often, of random ones 92 % and more.
    private const int LettersPerOddity = 8;
    private const int CharactersPerChange = 4;

    /// <summary>The pattern of a key.</summary>
    public static string Normalize(ReadOnlySpan<char> key)
    {
        Span<char> pattern = stackalloc char[Longest];
        return new string(pattern[..Normalize(key, pattern)]);
    }

    /// <summary>Writes the pattern of a key; returns its length.</summary>
    /// <param name="key">The key.</param>
    /// <param name="pattern">Where to write it: room for <see cref="Longest"/> characters.</param>
    public static int Normalize(ReadOnlySpan<char> key, Span<char> pattern)
    {
        var writer = new RedisKeyPatternWriter(pattern);
        while (!key.IsEmpty && !writer.IsFull)
        {
            var length = FieldLength(key, out var isBinary, out var isId);
            if (isBinary || isId)
            {
                writer.WritePlaceholder();
                writer.EndPiece();
            }
            else
            {
                WriteWords(key[..length], ref writer);
            }

            if (isBinary)
            {
                break;
            }

            key = length == key.Length ? [] : WriteSeparator(key[length..], ref writer);
        }

        return writer.Length;
    }

    private static ReadOnlySpan<char> WriteSeparator(ReadOnlySpan<char> key, scoped ref RedisKeyPatternWriter writer)
    {
        writer.Write(key[..1]);
        writer.EndPiece();
        return key[1..];
    }

    private static int FieldLength(ReadOnlySpan<char> key, out bool isBinary, out bool isId)
    {
        (isBinary, isId) = (false, false);
        var length = 0;
        for (; length < key.Length && RedisKeyCharacters.Of(key[length]) is var kind and not RedisKeyCharacter.FieldEnd; length++)
        {
            isBinary |= kind == RedisKeyCharacter.Binary;
            isId |= kind is RedisKeyCharacter.At or RedisKeyCharacter.Foreign;
            isId |= key[length] == '%' && key[(length + 1)..].StartsWith("40", StringComparison.Ordinal);
        }

        isId |= length > LongestField;
        return length;
    }

    private static void WriteWords(ReadOnlySpan<char> field, scoped ref RedisKeyPatternWriter writer)
    {
        while (!field.IsEmpty)
        {
            var word = RedisKeyWord.Read(field);
            field = word.Text.IsEmpty ? WriteSeparator(field, ref writer) : field[WriteWord(field, word, ref writer)..];
        }
    }

    // Writes what begins at the start of a word; returns how many characters of the field that was.
    private static int WriteWord(ReadOnlySpan<char> field, RedisKeyWord word, scoped ref RedisKeyPatternWriter writer)
    {
        var taken = GuidLength(field);
        if (taken == 0 && !word.IsPlain && field.Length >= ShortestToken)
        {
            taken = TokenLength(field);
        }

        if (taken > 0)
        {
            writer.WritePlaceholder();
        }
        else
        {
            taken = word.Text.Length;
            WriteWordAlone(word, ref writer);
        }

        writer.EndPiece();
        return taken;
    }

    private static void WriteWordAlone(RedisKeyWord word, scoped ref RedisKeyPatternWriter writer)
    {
        var length = word.Text.Length;
        var isId = word.Numbers == 0
            ? length > LongestName || (length >= ShortestToken && !word.IsPlain && LooksRandom(word.Text))
            : length >= ShortestToken || word.Numbers > 1 || (length >= ShortestHex && word.IsHex);
        if (isId)
        {
            writer.WritePlaceholder();
        }
        else if (word.Numbers == 0 || word.IsVersion)
        {
            writer.Write(word.Text);
        }
        else
        {
            writer.Write(word.Text[..word.NumberStart]);
            writer.WritePlaceholder();
            writer.Write(word.Text[word.NumberEnd..]);
        }
    }

    /// <summary>
    /// Whether letters of both cases are a token and no name: odd in a name are a single small letter between capitals, and two or more
    /// capitals in a row; a token has one to every eight letters at least.
    /// </summary>
    private static bool LooksRandom(ReadOnlySpan<char> letters)
    {
        var (oddities, run) = (0, 1);
        for (var i = 1; i <= letters.Length; i++)
        {
            if (i < letters.Length && char.IsAsciiLetterUpper(letters[i]) == char.IsAsciiLetterUpper(letters[i - 1]))
            {
                run++;
                continue;
            }

            var isUpper = char.IsAsciiLetterUpper(letters[i - 1]);
            var isInside = run < i && i < letters.Length;
            oddities += isUpper ? (run > 1 ? 1 : 0) : (run == 1 && isInside ? 1 : 0);
            run = 1;
        }

        return oddities * LettersPerOddity >= letters.Length;
    }

    // The length of the base64url token that begins here; zero when there is none.
    private static int TokenLength(ReadOnlySpan<char> field)
    {
        var (length, changes) = (0, 0);
        var (hasLower, hasUpper, hasDigit) = (false, false, false);
        var before = RedisKeyCharacter.Joint;
        for (; length < field.Length; length++)
        {
            var kind = RedisKeyCharacters.Of(field[length]);
            var isWord = RedisKeyCharacters.IsWord(kind);
            if (!isWord && field[length] is not ('-' or '_' or '+'))
            {
                break;
            }

            // The digit of a version does not make a token, or the pattern of a pattern could be another one.
            if (isWord && before == RedisKeyCharacter.Joint)
            {
                var word = RedisKeyWord.Read(field[length..]);
                hasDigit |= word.Numbers > 0 && !word.IsVersion;
            }
            else if (isWord && kind != before && (before, kind) != (RedisKeyCharacter.Upper, RedisKeyCharacter.Lower))
            {
                changes++;
            }

            hasLower |= kind == RedisKeyCharacter.Lower;
            hasUpper |= kind == RedisKeyCharacter.Upper;
            before = kind;
        }

        return length >= ShortestToken && hasLower && hasUpper && hasDigit && changes * CharactersPerChange >= length ? length : 0;
    }

    private static int GuidLength(ReadOnlySpan<char> field)
    {
        const int Length = 36;
        if (field.Length < Length || (field.Length > Length && char.IsAsciiLetterOrDigit(field[Length])))
        {
            return 0;
        }

        for (var i = 0; i < Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? field[i] != '-' : !char.IsAsciiHexDigit(field[i]))
            {
                return 0;
            }
        }

        return Length;
    }
}
