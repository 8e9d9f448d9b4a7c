using System.Globalization;

namespace Monitoring.Redis.Diagnostics;

/// <summary>
/// From the figures of a timeout to its cause: the first rule that applies decides. Pure. The sources are
/// StackExchange.Redis' docs/Timeouts.md and docs/ThreadTheft.md, and what its maintainers concluded from the same figures
/// in the issues named.
/// </summary>
internal static class TimeoutRules
{
    /// <summary>
    /// From here on a reply is large: 64 KiB, what a socket's receive buffer commonly holds, so that it cannot have arrived
    /// in one go. It is where <c>in</c> stands still in reports of large replies (#1016, #2236).
    /// </summary>
    public const long LargeReply = 64 * 1024;

    // The client rounds the age of a connection to a hundredth of a second.
    private static readonly TimeSpan AgeRounding = TimeSpan.FromMilliseconds(10);

    /// <summary>Adds cause and explanation.</summary>
    /// <param name="timeout">The figures.</param>
    /// <param name="receivesAhead">
    /// Whether the system moves arriving bytes into a receive that was posted beforehand, as Windows does (overlapped I/O):
    /// then <c>in: 0</c> does not say that nothing has arrived (#1486).
    /// </param>
    public static RedisTimeoutDiagnosis Judge(RedisTimeoutDiagnosis timeout, bool receivesAhead)
    {
        var (cause, explanation) = NoConnection(timeout)
            ?? ThreadTheft(timeout)
            ?? StarvedPool(timeout, receivesAhead)
            ?? LargeReplyAhead(timeout)
            ?? LostConnection(timeout)
            ?? UnreadReply(timeout)
            ?? SilentServer(timeout)
            ?? (RedisTimeoutCause.Unknown, Undecided(timeout));
        return timeout with { Cause = cause, Explanation = explanation };
    }

    // conn-sec is n/a (#2408): whatever else is wrong, nothing could be sent.
    private static (RedisTimeoutCause, string)? NoConnection(RedisTimeoutDiagnosis t) => t.IsConnected == false
        ? (RedisTimeoutCause.ConnectionLoss, $"There was no connection to send on{(t.BacklogState is null ? "" : $" (backlog {t.BacklogState})")}.")
        : null;

    // docs/ThreadTheft: the step is meant to be over in no time; who is seen there has been hijacked to run a continuation.
    private static (RedisTimeoutCause, string)? ThreadTheft(RedisTimeoutDiagnosis t) => t.ReaderState?.StartsWith("CompletePending", StringComparison.Ordinal) == true
        ? (RedisTimeoutCause.ThreadPoolStarvation, $"The reader was completing a call ({t.ReaderState}): its thread runs the application's code instead of reading replies (thread theft).")
        : null;

    // docs/Timeouts: from the minimum on, the pool adds a thread only every half second (#1486, #2214, #2797). Busy threads
    // alone prove nothing: a server that stalls makes all its callers time out together, which fills the pool as well.
    // So what has to be there too is something that no thread has got round to: bytes that arrived, or commands that were
    // not sent while other work waits. A reader that has most of a large reply and little left to read keeps up.
    private static (RedisTimeoutCause, string)? StarvedPool(RedisTimeoutDiagnosis t, bool receivesAhead)
    {
        var (isLarge, keepsUp) = (Arriving(t) >= LargeReply, t.UnreadBytes is null or < LargeReply);
        if (t.BusyWorkers is not { } busy || t.MinimumWorkers is not { } minimum || busy < minimum || (busy == minimum && t.QueuedWorkItems == 0) || (isLarge && keepsUp))
        {
            return null;
        }

        var pool = $"{Count(busy, "thread")} of the pool busy where the minimum is {Text(minimum)}"
            + (t.QueuedWorkItems is { } queued ? $", {Count(queued, "work item")} waiting" : "");
        var isBeyond = busy > minimum && t.QueuedWorkItems is null or > 0;
        if (Arrived(t) is > 0 and var arrived && (isBeyond || !isLarge))
        {
            return (RedisTimeoutCause.ThreadPoolStarvation, $"{Count(arrived, "byte")} had arrived and no thread had taken them: {pool}.");
        }

        var isCertain = t.UnreadBytes == 0 && !receivesAhead;
        if (isBeyond && (!isCertain || t.UnsentCommands > 0))
        {
            return (RedisTimeoutCause.ThreadPoolStarvation, $"No thread to go on with: {pool}.");
        }

        return null;
    }

    // docs/Timeouts, "Was there a big request preceding several small requests": replies come in order, one at a time
    // (#1711, #2586, #2687). The last whole reply counts only while something is coming in, for it may be long past.
    private static (RedisTimeoutCause, string)? LargeReplyAhead(RedisTimeoutDiagnosis t)
    {
        var arriving = Arriving(t);
        if (arriving >= LargeReply)
        {
            return (RedisTimeoutCause.HeadOfLineBlocking, $"A large reply was coming in, {Count(arriving, "byte")} so far, and {Waiting(t)} behind it.");
        }

        return arriving > 0 && t.LastReplyBytes >= LargeReply
            ? (RedisTimeoutCause.HeadOfLineBlocking, $"Large replies were coming in, the last of {Count(t.LastReplyBytes.Value, "byte")}, and {Waiting(t)} behind them.")
            : null;
    }

    // In the backlog with nothing under way there was no connection to send on (#2786); a connection younger than the
    // command's wait was not there when it began.
    private static (RedisTimeoutCause, string)? LostConnection(RedisTimeoutDiagnosis t)
    {
        var isBacklogged = t.CommandState == "WaitingInBacklog"
            || (t.UnsentCommands > 0 && t.BacklogState?.StartsWith("CheckingForTimeout", StringComparison.Ordinal) == true);
        if (isBacklogged && t.CommandsAwaitingReply is null or 0)
        {
            return (RedisTimeoutCause.ConnectionLoss, $"The command waited in the backlog for a connection{(t.UnsentCommands > 0 ? $", {Count(t.UnsentCommands.Value, "command")} in all" : "")}, and no command was under way.");
        }

        return t.ConnectedFor + AgeRounding < t.Elapsed
            ? (RedisTimeoutCause.ConnectionLoss, $"The connection had stood for {Seconds(t.ConnectedFor)} only, the command had waited for {Seconds(t.Elapsed)}: the one before it was lost.")
            : null;
    }

    // A reply is there, and the pool either has a thread to spare or does not tell.
    private static (RedisTimeoutCause, string)? UnreadReply(RedisTimeoutDiagnosis t)
    {
        if (Arrived(t) is not (> 0 and var arrived))
        {
            return null;
        }

        return t.BusyWorkers is null || t.MinimumWorkers is null
            ? (RedisTimeoutCause.ThreadPoolStarvation, $"{Count(arrived, "byte")} had arrived and no thread had taken them; the client does not say how busy the pool was.")
            : (RedisTimeoutCause.Unknown, $"{Count(arrived, "byte")} had just arrived and the pool had threads to read them: a late answer, or the whole process stood still (garbage collection, no processor).");
    }

    // docs/Timeouts, "commands taking a long time to process" (#1334, #2698): all was sent, nothing came back, and the
    // client waits for the socket. From here the network cannot be told from the server.
    private static (RedisTimeoutCause, string)? SilentServer(RedisTimeoutDiagnosis t) =>
        t.CommandsAwaitingReply > 0 && t.UnsentCommands is null or 0 && t.UnreadBytes is null or 0 && t.CurrentReplyBytes is null or 0 && t.UnparsedBytes is null or 0
            ? (RedisTimeoutCause.ServerBusy, $"{Count(t.CommandsAwaitingReply.Value, "command")} had been sent and nothing came back: the server, or the network to it, does not answer.")
            : null;

    private static long Arriving(RedisTimeoutDiagnosis t) =>
        Math.Max(Math.Max(t.CurrentReplyBytes ?? 0, t.UnparsedBytes ?? 0), t.UnreadBytes ?? 0);

    // What lies in the socket; what lies in the pipe only when the reader is at it, for in between it may be half a reply.
    private static long Arrived(RedisTimeoutDiagnosis t) =>
        (t.UnreadBytes ?? 0) + (t.ReaderState is null or "ReadAsync" ? 0 : t.UnparsedBytes ?? 0);

    private static string Undecided(RedisTimeoutDiagnosis t)
    {
        (string Name, long? Value)[] figures =
        [
            ("not sent", t.UnsentCommands),
            ("awaiting a reply", t.CommandsAwaitingReply),
            ("bytes unread", t.UnreadBytes),
            ("busy threads", t.BusyWorkers),
            ("work items waiting", t.QueuedWorkItems),
        ];
        var known = string.Join(", ", figures.Where(static f => f.Value is not null).Select(static f => $"{f.Name} {Text(f.Value!.Value)}"));
        return known.Length == 0 ? "The exception carries no figures of the client." : $"The figures point nowhere: {known}.";
    }

    private static string Waiting(RedisTimeoutDiagnosis t) =>
        t.CommandsAwaitingReply is { } waiting ? $"{Count(waiting, "command")} waited" : "the command waited";

    private static string Count(long number, string what) => $"{Text(number)} {what}{(number == 1 ? "" : "s")}";

    private static string Seconds(TimeSpan? time) => (time?.TotalSeconds ?? 0).ToString("0.0 s", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
