namespace Monitoring.Redis;

/// <summary>What a character is to <see cref="RedisKeyNormalizer"/>.</summary>
internal enum RedisKeyCharacter : byte
{
    /// <summary>Ends a field.</summary>
    FieldEnd,

    /// <summary>Separates words within a field: <c>. - _ % + ~</c>.</summary>
    Joint,

    Digit,

    Lower,

    Upper,

    At,

    /// <summary>A control character, or U+FFFD, which stands for bytes that are no text.</summary>
    Binary,

    /// <summary>Beyond ASCII.</summary>
    Foreign,
}

/// <summary>Tells what a character is.</summary>
internal static class RedisKeyCharacters
{
    private const char Undecodable = '\uFFFD';

    private static readonly RedisKeyCharacter[] Ascii = [.. Enumerable.Range(0, 128).Select(static code => Classify((char)code))];

    public static RedisKeyCharacter Of(char character) =>
        character < Ascii.Length ? Ascii[character]
        : character == Undecodable ? RedisKeyCharacter.Binary
        : RedisKeyCharacter.Foreign;

    public static bool IsWord(RedisKeyCharacter character) =>
        character is RedisKeyCharacter.Digit or RedisKeyCharacter.Lower or RedisKeyCharacter.Upper;

    private static RedisKeyCharacter Classify(char character) => character switch
    {
        >= '0' and <= '9' => RedisKeyCharacter.Digit,
        >= 'a' and <= 'z' => RedisKeyCharacter.Lower,
        >= 'A' and <= 'Z' => RedisKeyCharacter.Upper,
        '.' or '-' or '_' or '%' or '+' or '~' => RedisKeyCharacter.Joint,
        '@' => RedisKeyCharacter.At,
        < ' ' or '\x7F' => RedisKeyCharacter.Binary,
        _ => RedisKeyCharacter.FieldEnd,
    };
}
