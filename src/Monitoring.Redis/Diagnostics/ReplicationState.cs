namespace Monitoring.Redis.Diagnostics;

/// <summary>How far replication is behind, as either side of it says (<c>INFO replication</c>).</summary>
/// <param name="LagBytes">Bytes behind: the slowest replica of a source, or what a replica has read and not applied.</param>
/// <param name="Lag">Since the slowest replica, or the source, was last heard of; null where nothing is replicated.</param>
/// <param name="IsLinkUp">A replica's link to its source; null for a source.</param>
internal readonly record struct ReplicationState(long? LagBytes, TimeSpan? Lag, bool? IsLinkUp)
{
    // 512 replicas are more than anybody has.
    private const int MostReplicas = 512;

    public static ReplicationState From(InfoReply info) =>
        info.Text("role") switch
        {
            "master" => OfSource(info),
            "slave" => OfReplica(info),
            _ => default,
        };

    private static ReplicationState OfSource(InfoReply info)
    {
        var offset = info.Integer("master_repl_offset");
        var (bytes, seconds) = ((long?)null, (long?)null);
        for (var i = 0; i < MostReplicas && info.Text($"slave{i}") is { } replica; i++)
        {
            // One that is still being sent the data has no place in the stream of changes yet.
            if (replica.Contains("state=online", StringComparison.Ordinal))
            {
                bytes = Larger(bytes, offset - InfoReply.Part(replica, "offset"));
                seconds = Larger(seconds, InfoReply.Part(replica, "lag"));
            }
        }

        return new ReplicationState(bytes, Seconds(seconds), null);
    }

    private static ReplicationState OfReplica(InfoReply info)
    {
        var bytes = info.Integer("slave_read_repl_offset") - info.Integer("slave_repl_offset");
        var isUp = info.Text("master_link_status") == "up";

        // One that never reached its source says -1: it has been so since its start.
        var seconds = isUp ? info.Integer("master_last_io_seconds_ago")
            : info.Integer("master_link_down_since_seconds") is { } down and >= 0 ? down : info.Integer("uptime_in_seconds");
        return new ReplicationState(bytes >= 0 ? bytes : null, Seconds(seconds), isUp);
    }

    private static TimeSpan? Seconds(long? seconds) => seconds is >= 0 and < int.MaxValue ? TimeSpan.FromSeconds(seconds.Value) : null;

    private static long? Larger(long? one, long? other) => other is null or < 0 ? one : Math.Max(one ?? 0, other.Value);
}
