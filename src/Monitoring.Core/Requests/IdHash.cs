using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Monitoring.Requests;

/// <summary>
/// Turns ids into numbers that say nothing about them: the first 64 bits of SHA-256 over a key of this process and the id. Without
/// the key nobody can try out ids; with the process it is gone. Thread-safe; allocates nothing.
/// </summary>
internal sealed class IdHash
{
    /// <summary>How many characters of an id count.</summary>
    public const int LongestId = 256;

    private const int KeyLength = 16;
    private const int LongestRune = 3;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(KeyLength);

    public ulong Of(ReadOnlySpan<char> id)
    {
        id = id[..Math.Min(id.Length, LongestId)];
        Span<byte> input = stackalloc byte[KeyLength + (LongestRune * LongestId)];
        _key.CopyTo(input);
        var length = KeyLength + Encoding.UTF8.GetBytes(id, input[KeyLength..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(digest);
    }

    public static string ToText(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);
}
