using System.Globalization;
using System.Text;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>
/// Writes the little of YAML 1.2 that a rule file needs: mappings, sequences of mappings and text. Text is always in double
/// quotes, where nothing is a number, a tag or a comment by accident (https://yaml.org/spec/1.2.2/, 7.3.1).
/// </summary>
internal sealed class YamlWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _startsItem;

    /// <summary>A line that nobody reads but people; line ends within it become blanks.</summary>
    public void Comment(string text) => _text.Append("# ").Append(text.ReplaceLineEndings(" ")).Append('\n');

    /// <summary>A key and its text.</summary>
    public void Text(string key, string value)
    {
        Key(key);
        _text.Append(' ');
        Quote(value);
        _text.Append('\n');
    }

    /// <summary>A key and the mapping or sequence below it.</summary>
    public void Below(string key, Action write)
    {
        Key(key);
        _text.Append('\n');
        _depth++;
        write();
        _depth--;
    }

    /// <summary>A key and an empty sequence.</summary>
    public void Nothing(string key)
    {
        Key(key);
        _text.Append(" []\n");
    }

    /// <summary>One mapping of a sequence.</summary>
    public void Item(Action write)
    {
        _startsItem = true;
        _depth++;
        write();
        _depth--;
    }

    public override string ToString() => _text.ToString();

    // Keys are words of ours: letters and underscores. The first one of an item stands behind its dash.
    private void Key(string key)
    {
        _text.Append(' ', 2 * (_startsItem ? _depth - 1 : _depth)).Append(_startsItem ? "- " : "").Append(key).Append(':');
        _startsItem = false;
    }

    private void Quote(string value)
    {
        _text.Append('"');
        foreach (var rune in value.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '"':
                    _text.Append("\\\"");
                    break;
                case '\\':
                    _text.Append("\\\\");
                    break;
                case '\n':
                    _text.Append("\\n");
                    break;
                case < ' ' or (>= 0x7f and <= 0xa0) or 0x2028 or 0x2029 or 0xfeff or 0xfffe or 0xffff:
                    _text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                    break;
                default:
                    _text.Append(rune.ToString());
                    break;
            }
        }

        _text.Append('"');
    }
}
