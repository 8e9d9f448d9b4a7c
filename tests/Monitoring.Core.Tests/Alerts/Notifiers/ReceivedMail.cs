using System.Text;
using System.Text.RegularExpressions;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>A mail as a reader shows it: headers unfolded and decoded, both parts decoded.</summary>
internal sealed partial class ReceivedMail
{
    public ReceivedMail(string source)
    {
        var (head, body) = Split(source);
        Headers = Read(head);
        var boundary = "--" + Boundary().Match(Headers["Content-Type"]).Groups[1].Value;
        var parts = body.Split(boundary)[1..^1].Select(static part => Split(part.TrimStart())).ToList();
        Text = Decode(parts.Single(static part => part.Head.Contains("text/plain", StringComparison.Ordinal)).Body);
        Html = Decode(parts.Single(static part => part.Head.Contains("text/html", StringComparison.Ordinal)).Body);
    }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public string Text { get; }

    public string Html { get; }

    private static (string Head, string Body) Split(string source)
    {
        var end = source.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (source[..end], source[(end + 4)..]);
    }

    // A header that came twice would throw.
    private static Dictionary<string, string> Read(string head) =>
        head.Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n")
            .Select(static line => line.Split(": ", 2))
            .ToDictionary(static pair => pair[0], static pair => Word().Replace(Between().Replace(pair[1], "$1"), static word => Decode(word.Groups[1].Value)));

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    [GeneratedRegex("boundary=\"([^\"]+)\"")]
    private static partial Regex Boundary();

    [GeneratedRegex(@"(\?=) (?==\?)")]
    private static partial Regex Between();

    [GeneratedRegex(@"=\?utf-8\?B\?([^?]*)\?=")]
    private static partial Regex Word();
}
