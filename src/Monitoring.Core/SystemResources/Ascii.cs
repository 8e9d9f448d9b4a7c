using System.Buffers.Text;
using System.Text;

namespace Monitoring.SystemResources;

/// <summary>Lines, fields and numbers of the kernel's text files, without strings. What is no number is null, whatever it is.</summary>
internal static class Ascii
{
    /// <summary>Takes the next line off the text.</summary>
    public static bool NextLine(scoped ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (text.IsEmpty)
        {
            return false;
        }

        var end = text.IndexOf((byte)'\n');
        line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return true;
    }

    /// <summary>Takes the next field, which spaces and tabs end, off the line; empty at its end.</summary>
    public static ReadOnlySpan<byte> NextField(scoped ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        var end = line.IndexOfAny((byte)' ', (byte)'\t');
        var field = end < 0 ? line : line[..end];
        line = line[field.Length..];
        return field;
    }

    /// <summary>Takes what stands before a character off the line, and the character; all of it if it is not there.</summary>
    public static ReadOnlySpan<byte> Until(scoped ref ReadOnlySpan<byte> line, byte separator)
    {
        var at = line.IndexOf(separator);
        var part = at < 0 ? line : line[..at];
        line = at < 0 ? default : line[(at + 1)..];
        return part;
    }

    /// <summary>Takes the next field, a whole number that is not negative, off the line.</summary>
    public static long? NextNumber(scoped ref ReadOnlySpan<byte> line) => Number(NextField(ref line));

    /// <summary>A whole number that is not negative and fills the field.</summary>
    public static long? Number(ReadOnlySpan<byte> field) =>
        Utf8Parser.TryParse(field, out long value, out var length) && length == field.Length && value >= 0 ? value : null;

    /// <summary>A number with a point, not negative and finite, that fills the field.</summary>
    public static double? Decimal(ReadOnlySpan<byte> field) =>
        Utf8Parser.TryParse(field, out double value, out var length) && length == field.Length && double.IsFinite(value) && value >= 0 ? value : null;

    /// <summary>A path as mountinfo writes it: blanks, tabs, line ends and backslashes are octal.</summary>
    public static string Path(ReadOnlySpan<byte> field)
    {
        var bytes = new byte[field.Length];
        var length = 0;
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && Octal(field.Slice(i + 1, 3)) is { } escaped)
            {
                bytes[length++] = escaped;
                i += 3;
            }
            else
            {
                bytes[length++] = field[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static byte? Octal(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            value = (value * 8) + (digit - '0');
        }

        return value <= byte.MaxValue ? (byte)value : null;
    }
}
