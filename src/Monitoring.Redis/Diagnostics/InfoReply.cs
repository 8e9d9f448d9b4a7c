using System.Globalization;

namespace Monitoring.Redis.Diagnostics;

/// <summary>
/// The answer to <c>INFO</c>: sections, and fields as <c>name:value</c>. A field that is absent or no number is null; the
/// first of two fields of one name counts. Takes any text; reads 1 MB and 4,096 fields at most.
/// </summary>
internal sealed class InfoReply
{
    public const int LongestText = 1 << 20;
    public const int MostFields = 4_096;

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sections = new(StringComparer.OrdinalIgnoreCase);

    public static InfoReply Parse(string? text)
    {
        var reply = new InfoReply();
        var rest = text.AsSpan();
        rest = rest[..Math.Min(rest.Length, LongestText)];
        foreach (var line in rest.EnumerateLines())
        {
            reply.Add(line.Trim());
        }

        return reply;
    }

    public bool HasSection(string name) => _sections.Contains(name);

    public string? Text(string name) => _fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public long? Integer(string name) =>
        long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    public double? Number(string name) =>
        double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>The fields whose name begins so, with the rest of their names.</summary>
    public IEnumerable<(string Name, string Value)> WithPrefix(string prefix) =>
        _fields.Where(field => field.Key.Length > prefix.Length && field.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(field => (field.Key[prefix.Length..], field.Value));

    /// <summary>One number of a value that is a list such as <c>calls=1,usec=12</c>.</summary>
    public static long? Part(string value, string name)
    {
        foreach (var range in value.AsSpan().Split(','))
        {
            var part = value.AsSpan()[range];
            if (part.Length > name.Length && part[name.Length] == '=' && part.StartsWith(name, StringComparison.Ordinal))
            {
                return long.TryParse(part[(name.Length + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
            }
        }

        return null;
    }

    private void Add(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("#"))
        {
            if (_sections.Count < MostFields)
            {
                _sections.Add(line.TrimStart('#').Trim().ToString());
            }
        }
        else if (line.IndexOf(':') is var colon and > 0 && _fields.Count < MostFields)
        {
            _fields.TryAdd(line[..colon].ToString(), line[(colon + 1)..].ToString());
        }
    }
}
