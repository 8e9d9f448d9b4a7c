using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Monitoring.AspNetCore.Tests.Prometheus;

/// <summary>Reads what was exposed, strictly: a line that is none of the format's makes a test fail.</summary>
internal sealed partial class ExpositionText
{
    private ExpositionText(string text)
    {
        text.Should().EndWith("\n").And.NotContain("\r");
        foreach (var line in text.Split('\n')[..^1])
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                if (comment.Groups["kind"].Value == "TYPE")
                {
                    Types.Add(comment.Groups["name"].Value, comment.Groups["text"].Value);
                }
            }
            else if (line == "# EOF")
            {
                Ends++;
            }
            else
            {
                var sample = Line().Match(line);
                sample.Success.Should().BeTrue("'{0}' has to be a sample", line);
                Samples.Add(new Sample(
                    sample.Groups["name"].Value,
                    [.. sample.Groups["label"].Captures.Zip(sample.Groups["value"].Captures, static (label, value) => (label.Value, Unescape(value.Value)))],
                    Number(sample.Groups["number"].Value)));
            }
        }
    }

    public Dictionary<string, string> Types { get; } = [];

    public List<Sample> Samples { get; } = [];

    public int Ends { get; }

    public static ExpositionText Parse(byte[] bytes) => new(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes));

    public double Value(string name, params (string, string)[] labels) =>
        Samples.Should().ContainSingle(sample => sample.Name == name && sample.Labels.SequenceEqual(labels)).Which.Value;

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static string Unescape(string value) => Escape().Replace(value, static match => match.Value switch { "\\n" => "\n", "\\\"" => "\"", _ => "\\" });

    [GeneratedRegex("^# (?<kind>HELP|TYPE|UNIT) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.+)$")]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\[n"\\])*)"(,(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\[n"\\])*)")*\})? (?<number>\S+)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    [GeneratedRegex("""\\[n"\\]""")]
    private static partial Regex Escape();

    internal sealed record Sample(string Name, IReadOnlyList<(string Label, string Value)> Labels, double Value);
}
