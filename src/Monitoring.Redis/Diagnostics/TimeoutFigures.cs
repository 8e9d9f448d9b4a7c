using System.Collections;
using System.Globalization;

namespace Monitoring.Redis.Diagnostics;

/// <summary>
/// What the client writes into <see cref="Exception.Data"/> of a timeout, typed. A figure that is missing or cannot be read
/// is null: the figures differ between versions of the client (2.0 to 3.x were looked at; the names are the same). Never
/// throws. Keys of the application are in that data too (<c>Redis-Message</c>, <c>redis-command</c>) and are not read.
/// </summary>
internal sealed class TimeoutFigures(IDictionary data)
{
    private const string NotConnected = "n/a";

    /// <summary>Fills in all figures; the verdict is left to the rules.</summary>
    public RedisTimeoutDiagnosis Read(string operation, TimeSpan? elapsed, DateTimeOffset at)
    {
        var connectedFor = Text("Redis-Server-Connected-Seconds");
        var seconds = Seconds(connectedFor);
        var workers = Text("Redis-ThreadPool-Workers");
        return new RedisTimeoutDiagnosis
        {
            At = at,
            Operation = operation,
            EndPoint = EndPoint(),
            Elapsed = elapsed,
            Explanation = "",
            CommandState = Text("request-sent-status"),
            UnsentCommands = Number("Redis-Queue-Awaiting-Write"),
            CommandsAwaitingReply = Number("Redis-Queue-Awaiting-Response"),
            UnreadBytes = Number("Redis-Inbound-Bytes"),
            UnparsedBytes = Number("Redis-Inbound-Pipe-Bytes"),
            LastReplyBytes = Number("Redis-Last-Result-Bytes"),
            CurrentReplyBytes = Number("Redis-Inbound-Buffer-Bytes"),
            ReaderState = Text("Redis-Read-State"),
            WriterState = Text("Redis-Write-State"),
            BacklogState = Text("Redis-Backlog-Writer"),
            IsConnected = connectedFor is null ? null : connectedFor == NotConnected ? false : seconds is null ? null : true,
            ConnectedFor = seconds,
            BusyWorkers = Small(Number("Redis-Busy-Workers") ?? Part(workers, "Busy=")),
            MinimumWorkers = Small(Part(workers, "Min=")),
            QueuedWorkItems = Part(Text("Redis-ThreadPool-Items"), "QueuedItems="),
        };
    }

    private static int? Small(long? number) => number is >= 0 and <= int.MaxValue ? (int)number : null;

    // Written in the culture of whatever thread the timeout was noticed on.
    private static TimeSpan? Seconds(string? text) =>
        double.TryParse(text?.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < int.MaxValue
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>A number of a text such as <c>(Busy=9,Free=32758,Min=2,Max=32767)</c>.</summary>
    private static long? Part(string? text, string name)
    {
        var at = text?.IndexOf(name, StringComparison.Ordinal) ?? -1;
        if (at < 0)
        {
            return null;
        }

        var rest = text.AsSpan(at + name.Length);
        var length = rest.IndexOfAnyExceptInRange('0', '9');
        return long.TryParse(length < 0 ? rest : rest[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private long? Number(string key) =>
        long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string? EndPoint()
    {
        const string NoFamily = "Unspecified/";
        var endPoint = Text("redis-server") ?? Text("Redis-Server-Endpoint");
        return endPoint?.StartsWith(NoFamily, StringComparison.Ordinal) == true ? endPoint[NoFamily.Length..] : endPoint;
    }

    private string? Text(string key) => data[key]?.ToString();
}
