using System.Globalization;

namespace Monitoring.Alerts.Rules.Instruments;

/// <summary>Values of tags as text.</summary>
internal static class TagText
{
    private const int Longest = 128;

    /// <summary>Whether a value of a tag is written like a text. Allocates nothing for texts, numbers, enumerations and truth values.</summary>
    public static bool Matches(object? value, string text)
    {
        switch (value)
        {
            case null:
                return text.Length == 0;
            case string same:
                return string.Equals(same, text, StringComparison.Ordinal);
            case bool flag:
                return string.Equals(flag ? "true" : "false", text, StringComparison.OrdinalIgnoreCase);
            case ISpanFormattable formattable:
                Span<char> buffer = stackalloc char[64];
                return formattable.TryFormat(buffer, out var written, default, CultureInfo.InvariantCulture) && buffer[..written].SequenceEqual(text);
            default:
                return string.Equals(value.ToString(), text, StringComparison.Ordinal);
        }
    }

    /// <summary>A value of a tag as a name shows it.</summary>
    public static string Of(object? value)
    {
        var text = value is bool flag ? flag ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.Length > Longest ? text[..Longest] : text;
    }
}
