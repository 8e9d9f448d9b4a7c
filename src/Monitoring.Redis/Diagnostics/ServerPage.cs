namespace Monitoring.Redis.Diagnostics;

/// <summary>What is shown of a server, from what it said.</summary>
internal static class ServerPage
{
    private const int MostCommands = 50;

    public static RedisServerStatistics Of(string endPoint, InfoReply info, ServerDelta delta, Dictionary<string, TimeSpan> p99)
    {
        var replication = ReplicationState.From(info);
        var (used, maximum) = (info.Integer("used_memory"), info.Integer("maxmemory") is { } limit and > 0 ? limit : (long?)null);
        return new RedisServerStatistics
        {
            EndPoint = endPoint,
            Version = info.Text("garnet_version") is { } garnet ? $"Garnet {garnet}" : info.Text("redis_version"),
            Role = info.Text("role"),
            Uptime = info.Integer("uptime_in_seconds") is { } seconds and >= 0 and < int.MaxValue ? TimeSpan.FromSeconds(seconds) : null,
            UsedMemoryBytes = used,
            MaximumMemoryBytes = maximum,
            MemoryPercent = 100.0 * used / maximum,
            MemoryPolicy = info.Text("maxmemory_policy"),
            FragmentationRatio = info.Number("mem_fragmentation_ratio"),
            EvictionsPerSecond = delta.PerSecond(static totals => totals.Evicted),
            ExpirationsPerSecond = delta.PerSecond(static totals => totals.Expired),
            HitRatePercent = delta.HitRatePercent,
            Lookups = delta.Lookups,
            Clients = info.Text("monitor_task") == "disabled" ? null : info.Integer("connected_clients"),
            BlockedClients = info.Integer("blocked_clients"),
            RejectedConnections = delta.Rejected,
            CommandsPerSecond = delta.PerSecond(static totals => totals.Processed),
            BusyPercent = delta.BusyPercent,
            ReplicationLagBytes = replication.LagBytes,
            ReplicationLag = replication.Lag,
            IsReplicationLinkUp = replication.IsLinkUp,
            ChangesSinceSave = info.Integer("rdb_changes_since_last_save"),
            LastSaveSucceeded = Succeeded(info, "rdb_last_bgsave_status", "aof_last_bgrewrite_status", "aof_last_write_status"),
            IsLoading = info.Integer("loading") is { } loading ? loading + (info.Integer("async_loading") ?? 0) > 0 : null,
            Commands =
            [
                .. delta.Commands.Take(MostCommands).Select(command => new RedisServerCommand(
                    command.Name,
                    command.Calls,
                    delta.HasTimes ? TimeSpan.FromMicroseconds((double)command.Microseconds / command.Calls) : null,
                    p99.TryGetValue(command.Name, out var value) ? value : null)),
            ],
            Errors = delta.Errors,
        };
    }

    private static bool? Succeeded(InfoReply info, params ReadOnlySpan<string> fields)
    {
        bool? succeeded = null;
        foreach (var field in fields)
        {
            succeeded = info.Text(field) is { } status ? succeeded != false && status == "ok" : succeeded;
        }

        return succeeded;
    }
}
