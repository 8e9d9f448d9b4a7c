using System.Net.Http;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Monitoring.Services;

/// <summary>
/// Errors of other people's code as readers of the API may see them: one short line without what looks like a secret. What
/// looks like a connection string is left out as a whole, for any part of it may be one.
/// </summary>
internal static partial class ErrorText
{
    private const int Longest = 200;

    public static string Of(Exception exception)
    {
        // What says most is within.
        var inner = exception is AggregateException { InnerException: { } first } ? first : exception;
        return inner switch
        {
            HttpRequestException { InnerException: SocketException socket } => $"{nameof(SocketException)}: {socket.SocketErrorCode}",
            SocketException socket => $"{nameof(SocketException)}: {socket.SocketErrorCode}",
            OperationCanceledException => "It was cancelled.",

            // Their messages repeat what they were given, which is the address or the connection string.
            ArgumentException or FormatException or KeyNotFoundException => $"{inner.GetType().Name}.",
            _ => $"{inner.GetType().Name}: {Clean(inner.Message) ?? "no message"}",
        };
    }

    /// <summary>A text without line ends and secrets, 200 characters at most; null when there is nothing left to say.</summary>
    public static string? Clean(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        // Bounded before it is searched.
        var line = new string([.. text.Take(4 * Longest).Select(static character => char.IsControl(character) ? ' ' : character)]).Trim();
        try
        {
            if (ConnectionString().IsMatch(line))
            {
                return "The message is not shown: it has what looks like a connection string.";
            }

            line = UserInfo().Replace(line, "$1***@");
            line = Query().Replace(line, "?***");
            line = Bearer().Replace(line, "$1 ***");
            line = Secret().Replace(line, "$1=***");
        }
        catch (RegexMatchTimeoutException)
        {
            return "The message is not shown.";
        }

        return line.Length > Longest ? line[..(Longest - 1)] + "…" : line;
    }

    [GeneratedRegex(@"(?:[\w .]{1,40}=[^;=]{0,200};\s*){1,}[\w .]{1,40}=", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex ConnectionString();

    [GeneratedRegex(@"(\w{1,20}://)[^\s/@]+@", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\?[^\s'""]*=[^\s'""]*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Query();

    [GeneratedRegex(@"\b(bearer|basic)\s+[^\s,;'""]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"\b([\w-]*(?:password|passwd|pwd|secret|token|api[-_ ]?key|account[-_ ]?key|access[-_ ]?key|auth(?:orization)?))['""]?\s*[:=]\s*['""]?[^\s,;'""]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Secret();
}
