using System.Diagnostics;
using System.Globalization;
using System.Text;
using Monitoring.Requests;

namespace Monitoring.AspNetCore.Requests;

/// <summary>The header of W3C Server Timing: <c>total;dur=12.3, redis;dur=3.1;desc="4 commands"</c>, durations in milliseconds.</summary>
internal static class ServerTimingHeader
{
    public const string Name = "Server-Timing";

    /// <summary>What a request spent until now: <c>total</c>, <c>redis</c> and <c>db</c> where there is something to say, and its phases by name.</summary>
    public static string Of(in RequestProgress progress)
    {
        var text = new StringBuilder();
        Add(text, "total", progress.Elapsed, null);
        if (progress.Totals.RedisCommands > 0)
        {
            Add(text, "redis", Stopwatch.GetElapsedTime(0, progress.Totals.RedisTicks), Count(progress.Totals.RedisCommands, "command", "commands"));
        }

        if (progress.Totals.Queries > 0)
        {
            Add(text, "db", Stopwatch.GetElapsedTime(0, progress.Totals.QueryTicks), Count(progress.Totals.Queries, "query", "queries"));
        }

        foreach (var phase in progress.Phases)
        {
            Add(text, phase.Name, phase.Duration, null);
        }

        return text.ToString();
    }

    private static string Count(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    private static void Add(StringBuilder text, string name, TimeSpan duration, string? description)
    {
        if (text.Length > 0)
        {
            text.Append(", ");
        }

        // A metric's name is a token (RFC 9110, 5.6.2); a phase may be named with anything.
        foreach (var character in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' ? character : '_');
        }

        text.Append(CultureInfo.InvariantCulture, $";dur={Math.Round(duration.TotalMilliseconds, 3)}");
        if (description is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $";desc=\"{description}\"");
        }
    }
}
