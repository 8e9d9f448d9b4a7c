namespace Monitoring.Redis.Diagnostics;

/// <summary>What a server counts since its start, at one moment; two of them give what happened between.</summary>
internal sealed class ServerTotals
{
    private const int MostCommands = 1_024;
    private const int MostErrors = 128;

    private readonly string? _run;
    private readonly long? _uptime;

    /// <param name="info">What the server said.</param>
    /// <param name="commands">What it said of its commands, if it was asked.</param>
    /// <param name="timestamp">When, by the timestamps of the clock.</param>
    public ServerTotals(InfoReply info, InfoReply? commands, long timestamp)
    {
        Timestamp = timestamp;
        (_run, _uptime) = (info.Text("run_id"), info.Integer("uptime_in_seconds"));

        // Garnet prints zeros for what it does not measure.
        var measured = info.Text("monitor_task") != "disabled";
        Evicted = measured ? info.Integer("evicted_keys") : null;
        Expired = measured ? info.Integer("expired_keys") : null;
        Hits = measured ? info.Integer("keyspace_hits") ?? info.Integer("total_found") : null;
        Misses = measured ? info.Integer("keyspace_misses") ?? info.Integer("total_notfound") : null;
        Rejected = measured ? info.Integer("rejected_connections") : null;
        Processed = measured ? info.Integer("total_commands_processed") : null;
        foreach (var (name, value) in info.WithPrefix("errorstat_").Take(MostErrors))
        {
            Errors[name] = InfoReply.Part(value, "count") ?? 0;
        }

        foreach (var (name, value) in (commands?.WithPrefix("cmdstat_") ?? []).Take(MostCommands))
        {
            Commands[name.Replace('|', ' ').ToUpperInvariant()] = (InfoReply.Part(value, "calls") ?? 0, InfoReply.Part(value, "usec") ?? 0);
        }
    }

    public long Timestamp { get; }

    public long? Evicted { get; }

    public long? Expired { get; }

    public long? Hits { get; }

    public long? Misses { get; }

    public long? Rejected { get; }

    public long? Processed { get; }

    public Dictionary<string, long> Errors { get; } = [];

    public Dictionary<string, (long Calls, long Microseconds)> Commands { get; } = [];

    /// <summary>Whether it tells the time of commands; one that has none at all counts calls only.</summary>
    public bool HasTimes => Commands.Values.Any(static command => command.Microseconds > 0);

    /// <summary>
    /// Whether both are of one run of the server, so that they can be compared. The time since its start tells only where a
    /// run has no id: it is taken from the server's wall clock, which may be set back.
    /// </summary>
    public bool Continues(ServerTotals earlier) => _run == earlier._run && (_run is not null || !(_uptime < earlier._uptime));

    /// <summary>What was added; after <c>CONFIG RESETSTAT</c>, what was added since.</summary>
    public static long? Added(long? now, long? before) => now < before ? now : now - before;
}
