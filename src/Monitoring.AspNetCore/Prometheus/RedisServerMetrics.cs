using Monitoring.Redis;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>
/// What Redis servers say of themselves, 256 at most, as long as they were asked within the last three polls; the
/// connections to them, 256 at most; the stream groups that the options declare.
/// </summary>
internal static class RedisServerMetrics
{
    public static readonly Metric Info = new(
        "monitoring_redis_server", MetricType.Info, "", "What the server is.", "server", "version", "role", "maxmemory_policy");

    public static readonly Metric MemoryUsed = Server("memory_used_bytes", "bytes", "Memory of data and overhead.");
    public static readonly Metric MemoryLimit = Server("memory_limit_bytes", "bytes", "Limit of that memory; not there without one.");
    public static readonly Metric Clients = Server("clients", "", "Connected clients.");
    public static readonly Metric BlockedClients = Server("blocked_clients", "", "Clients that wait in a blocking command.");
    public static readonly Metric RejectedConnections = Server("rejected_connections", "", "Connections refused for maxclients between the last two polls.");
    public static readonly Metric Commands = Server("commands_per_second", "", "Commands of all clients, between the last two polls.");
    public static readonly Metric Busy = Server("busy_ratio", "ratio", "Share of the time in which it executed commands, between the last two polls.");
    public static readonly Metric Evictions = Server("evictions_per_second", "", "Keys evicted for lack of memory, between the last two polls.");
    public static readonly Metric Expirations = Server("expirations_per_second", "", "Keys that expired, between the last two polls.");
    public static readonly Metric HitRatio = Server("hit_ratio", "ratio", "Share of key lookups that found something, between the last two polls.");
    public static readonly Metric Lookups = Server("lookups", "", "Key lookups between the last two polls.");
    public static readonly Metric ReplicationLag = Server("replication_lag_bytes", "bytes", "How far the slowest replica, or this one, is behind.");
    public static readonly Metric ReplicationSilence = Server(
        "replication_silence_seconds", "seconds", "How long the slowest replica, or the source, has not been heard of beyond the 10 s that are usual while the link is up.");

    public static readonly Metric Connected = Connection("connected", MetricType.Gauge, "1 while at least one server is connected, else 0.");
    public static readonly Metric Unsent = Connection("requests_unsent", MetricType.Gauge, "Commands that wait to be written.");
    public static readonly Metric AwaitingResponse = Connection("requests_awaiting_response", MetricType.Gauge, "Commands sent that wait for their reply.");
    public static readonly Metric AwaitingCompletion = Connection("requests_awaiting_completion", MetricType.Gauge, "Replies that wait for a thread to complete them.");
    public static readonly Metric ConnectionFailures = Connection("connection_failures", MetricType.Counter, "Connections lost or refused.");
    public static readonly Metric ConnectionRestores = Connection("connection_restores", MetricType.Counter, "Connections that stood again.");

    public static readonly Metric StreamLag = new(
        "monitoring_redis_stream_lag", MetricType.Gauge, "", "Entries that the group has not read.", "stream", "group");

    public static readonly Metric StreamPending = new(
        "monitoring_redis_stream_pending", MetricType.Gauge, "", "Entries that the group has read and not acknowledged.", "stream", "group");

    public static IReadOnlyList<Metric> All { get; } =
    [
        Info, MemoryUsed, MemoryLimit, Clients, BlockedClients, RejectedConnections, Commands, Busy, Evictions, Expirations, HitRatio, Lookups, ReplicationLag,
        ReplicationSilence, Connected, Unsent, AwaitingResponse, AwaitingCompletion, ConnectionFailures, ConnectionRestores, StreamLag, StreamPending,
    ];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
        WriteServers(writer, monitor.Redis.GetFreshServers());
        WriteConnections(writer, monitor.Redis.GetConnections());

        var groups = monitor.Redis.GetStreamGroups().Where(static group => group.Exists).ToList();
        writer.Begin(StreamLag);
        groups.ForEach(group => writer.Sample(group.Lag, group.Stream, group.Group));
        writer.Begin(StreamPending);
        groups.ForEach(group => writer.Sample(group.Pending, group.Stream, group.Group));
    }

    private static void WriteServers(ExpositionWriter writer, IReadOnlyList<RedisServerStatistics> servers)
    {
        writer.Begin(Info);
        foreach (var server in servers)
        {
            writer.Sample(1, server.EndPoint, server.Version ?? "", server.Role ?? "", server.MemoryPolicy ?? "");
        }

        Each(MemoryUsed, static server => server.UsedMemoryBytes);
        Each(MemoryLimit, static server => server.MaximumMemoryBytes);
        Each(Clients, static server => server.Clients);
        Each(BlockedClients, static server => server.BlockedClients);
        Each(RejectedConnections, static server => server.RejectedConnections);
        Each(Commands, static server => server.CommandsPerSecond);
        Each(Busy, static server => server.BusyPercent / 100);
        Each(Evictions, static server => server.EvictionsPerSecond);
        Each(Expirations, static server => server.ExpirationsPerSecond);
        Each(HitRatio, static server => server.HitRatePercent / 100);
        Each(Lookups, static server => server.Lookups);
        Each(ReplicationLag, static server => server.ReplicationLagBytes);
        Each(ReplicationSilence, static server => RedisServerReadings.Silence(server)?.TotalSeconds);

        void Each(Metric metric, Func<RedisServerStatistics, double?> value) => writer.Each(metric, servers, static server => server.EndPoint, value);
    }

    // Connections of one name are one series.
    private static void WriteConnections(ExpositionWriter writer, IReadOnlyList<RedisConnectionStatus> connections)
    {
        var byName = connections.GroupBy(static connection => connection.Name, StringComparer.Ordinal).ToList();
        Each(Connected, static connection => connection.IsConnected ? 1 : 0, Enumerable.Min);
        Each(Unsent, static connection => connection.Sockets.Sum(static socket => socket.Unsent), Enumerable.Sum);
        Each(AwaitingResponse, static connection => connection.Sockets.Sum(static socket => socket.AwaitingResponse), Enumerable.Sum);
        Each(AwaitingCompletion, static connection => connection.Sockets.Sum(static socket => socket.AwaitingCompletion), Enumerable.Sum);
        Each(ConnectionFailures, static connection => connection.Failures, Enumerable.Sum);
        Each(ConnectionRestores, static connection => connection.Restores, Enumerable.Sum);

        void Each(Metric metric, Func<RedisConnectionStatus, long> value, Func<IEnumerable<long>, long> join) =>
            writer.Each(metric, byName, static same => same.Key, same => join(same.Select(value)));
    }

    private static Metric Server(string name, string unit, string help) => new($"monitoring_redis_server_{name}", MetricType.Gauge, unit, help, "server");

    private static Metric Connection(string name, MetricType type, string help) => new($"monitoring_redis_{name}", type, "", help, "connection");
}
