using System.Buffers;
using System.Text;

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
    private const int LongestVersion = 4;

    // Of the words of 16 to 32 letters in .NET's own API 0.1 % change so often, of random ones 93 % and more.
    private const int LettersPerOddity = 8;
    private const int CharactersPerChange = 4;

    private static readonly SearchValues<char> FieldEnds = SearchValues.Create(":/|#{}=,;?&!*()[]<>\"'$^\\` ");

    // Control characters, and what stands for bytes that are no text.
    private static readonly SearchValues<char> BinaryMarks =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Select(static code => (char)code), '\x7F', '\uFFFD']);

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> Capitals = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly SearchValues<char> SmallLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz");

    private enum Kind
    {
        Other,
        Digit,
        Lower,
        Upper,
    }

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
            var end = key.IndexOfAny(FieldEnds);
            if (!TryWriteField(end < 0 ? key : key[..end], ref writer))
            {
                break;
            }

            key = end < 0 ? [] : WriteSeparator(key[end..], ref writer);
        }

        return writer.Length;
    }

    private static ReadOnlySpan<char> WriteSeparator(ReadOnlySpan<char> key, scoped ref RedisKeyPatternWriter writer)
    {
        writer.Write(key[..1]);
        writer.EndPiece();
        return key[1..];
    }

    // False when the rest of the key is not to be looked at.
    private static bool TryWriteField(ReadOnlySpan<char> field, scoped ref RedisKeyPatternWriter writer)
    {
        var isBinary = field.ContainsAny(BinaryMarks);
        if (isBinary || field.Length > LongestField || field.Contains('@') || field.Contains("%40", StringComparison.Ordinal) || !Ascii.IsValid(field))
        {
            writer.WritePlaceholder();
            writer.EndPiece();
            return !isBinary;
        }

        while (!field.IsEmpty)
        {
            field = KindOf(field[0]) == Kind.Other ? WriteSeparator(field, ref writer) : field[WriteWord(field, ref writer)..];
        }

        return true;
    }

    // Writes what begins at the start of a word; returns how many characters of the field that was.
    private static int WriteWord(ReadOnlySpan<char> field, scoped ref RedisKeyPatternWriter writer)
    {
        var length = WordLength(field);
        var taken = length;
        if (GuidLength(field) is > 0 and var guid)
        {
            writer.WritePlaceholder();
            taken = guid;
        }
        else if (!IsPlain(field[..length]) && TokenLength(field) is > 0 and var token)
        {
            writer.WritePlaceholder();
            taken = token;
        }
        else
        {
            WriteWordAlone(field[..length], ref writer);
        }

        writer.EndPiece();
        return taken;
    }

    private static void WriteWordAlone(ReadOnlySpan<char> word, scoped ref RedisKeyPatternWriter writer)
    {
        var numberAt = word.IndexOfAny(Digits);
        if (numberAt < 0)
        {
            var isName = word.Length < ShortestToken || (word.Length <= LongestName && !LooksRandom(word));
            WriteEither(isName, word, ref writer);
            return;
        }

        if (IsVersion(word))
        {
            writer.Write(word);
            return;
        }

        var numberLength = word[numberAt..].IndexOfAnyExcept(Digits);
        var suffix = numberLength < 0 ? [] : word[(numberAt + numberLength)..];
        if (word.Length >= ShortestToken || suffix.ContainsAny(Digits) || (word.Length >= ShortestHex && IsHex(word)))
        {
            writer.WritePlaceholder();
            return;
        }

        writer.Write(word[..numberAt]);
        writer.WritePlaceholder();
        writer.Write(suffix);
    }

    private static void WriteEither(bool isName, ReadOnlySpan<char> word, scoped ref RedisKeyPatternWriter writer)
    {
        if (isName)
        {
            writer.Write(word);
        }
        else
        {
            writer.WritePlaceholder();
        }
    }

    /// <summary>
    /// Whether letters are a token and no name: odd in a name are a single small letter between capitals, and two or more
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

        return oddities * LettersPerOddity >= letters.Length && letters.ContainsAny(SmallLetters);
    }

    // The length of the base64url token that begins here; zero when there is none.
    private static int TokenLength(ReadOnlySpan<char> field)
    {
        var (length, changes) = (0, 0);
        var (hasLower, hasUpper, hasDigit) = (false, false, false);
        var before = Kind.Other;
        for (; length < field.Length && (char.IsAsciiLetterOrDigit(field[length]) || field[length] is '-' or '_' or '+'); length++)
        {
            var kind = KindOf(field[length]);
            hasLower |= kind == Kind.Lower;
            hasUpper |= kind == Kind.Upper;
            if (kind != before && kind != Kind.Other && before != Kind.Other && (before, kind) != (Kind.Upper, Kind.Lower))
            {
                changes++;
            }

            // The digit of a version does not make a token, or the pattern of a pattern could be another one.
            if (before == Kind.Other && kind != Kind.Other)
            {
                var word = field[length..];
                word = word[..WordLength(word)];
                hasDigit |= word.ContainsAny(Digits) && !IsVersion(word);
            }

            before = kind;
        }

        return length >= ShortestToken && hasLower && hasUpper && hasDigit && changes * CharactersPerChange >= length ? length : 0;
    }

    private static int GuidLength(ReadOnlySpan<char> field)
    {
        const int Length = 36;
        if (field.Length < Length || (field.Length > Length && KindOf(field[Length]) != Kind.Other))
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

    private static int WordLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiLetterOrDigit(text[length]))
        {
            length++;
        }

        return length;
    }

    // Letters of one case, or with one capital at the start.
    private static bool IsPlain(ReadOnlySpan<char> word) =>
        !word.ContainsAnyExcept(Capitals) || !word[1..].ContainsAnyExcept(SmallLetters);

    private static bool IsVersion(ReadOnlySpan<char> word) =>
        word.Length is > 1 and <= LongestVersion && word[0] is 'v' or 'V' && !word[1..].ContainsAnyExcept(Digits);

    private static bool IsHex(ReadOnlySpan<char> word)
    {
        foreach (var character in word)
        {
            if (!char.IsAsciiHexDigit(character))
            {
                return false;
            }
        }

        return true;
    }

    private static Kind KindOf(char character) => character switch
    {
        >= '0' and <= '9' => Kind.Digit,
        >= 'a' and <= 'z' => Kind.Lower,
        >= 'A' and <= 'Z' => Kind.Upper,
        _ => Kind.Other,
    };
}
