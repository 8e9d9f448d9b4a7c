using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class ServerSteps
{
    public static Family All { get; } = new("server")
    {
        db => db.StringSetAsync("key", "value"),
        client => client.Server.DatabaseSize(),
        client => client.Server.DatabaseSizeAsync(1),
        client => client.Server.Echo("hello"),
        client => client.Server.EchoAsync("hello"),
        client => client.Server.Ping(),
        client => client.Server.PingAsync(),
        client => client.Server.Time() > DateTime.UnixEpoch,
        client => client.Server.ConfigGet("maxmemory*"),
        client => client.Server.ConfigGetAsync("no-such-setting"),
        client => { client.Server.ConfigSet("lua-time-limit", "4999"); return client.Server.ConfigGet("lua-time-limit"); },
        client => Invoke(() => client.Server.ConfigSet("no-such-setting", "1")),
        client => client.Server.ConfigResetStatisticsAsync(),
        client => client.Server.Info("keyspace").Select(static section => section.Key),
        client => client.Server.InfoRaw("server")!.Contains("redis_version"),
        client => client.Server.CommandCount() > 100,
        client => client.Server.CommandGetKeys(["MSET", "a", "1", "b", "2"]),
        client => client.Server.CommandList(pattern: "hmg*"),
        client => client.Server.ClientList().Length > 0,
        client => client.Server.ClientKillAsync(id: 999_999),
        client => client.Server.LastSave() > DateTime.UnixEpoch,
        client => client.Server.Role()!.Value,
        client => client.Server.SlowlogGet(1).Length >= 0,
        client => Invoke(() => client.Server.SlowlogReset()),
        client => client.Server.MemoryDoctorAsync(),
        client => client.Server.MemoryStats().Length > 0,
        client => client.Server.MemoryPurgeAsync(),
        client => client.Server.LatencyLatest().Length,
        client => client.Server.LatencyReset(),
        client => client.Server.LatencyHistoryAsync("command"),
        client => client.Server.SubscriptionPatternCount(),
        client => client.Server.ClusterNodesRaw(),
        client => client.Server.SentinelMasters(),
        client => Invoke(() => client.Server.SwapDatabases(0, 1)),
        client => client.Server.DatabaseSize(0),
        client => Invoke(() => client.Server.FlushDatabase(1)),
        client => client.Server.DatabaseSizeAsync(1),
        client => client.Server.FlushAllDatabasesAsync(),
        client => client.Server.Execute("OBJECT", "HELP").Length > 0,
        client => client.Server.ExecuteAsync("PING"),
        client => client.Server.Execute("NOSUCHCOMMAND"),
        client => (client.Server.IsConnected, client.Server.IsReplica, client.Server.ServerType, client.Server.Protocol),
        client => (client.Server.DatabaseCount, client.Server.Version, client.Server.AllowReplicaWrites),
        client => client.Server.Multiplexer == client.Multiplexer,
    };

    public static Family Multiplexer { get; } = new("multiplexer")
    {
        client => (client.Multiplexer.IsConnected, client.Multiplexer.IsConnecting, client.Multiplexer.TimeoutMilliseconds),
        client => client.Multiplexer.Configuration,
        client => client.Multiplexer.ClientName,
        client => client.Multiplexer.GetEndPoints(),
        client => client.Multiplexer.GetServers().Length,
        client => client.Multiplexer.GetHashSlot("{a}b"),
        client => client.Multiplexer.HashSlot("{a}b"),
        client => client.Multiplexer.GetDatabase(3).Database,
        client => client.Multiplexer.GetDatabase() == client.Multiplexer.GetDatabase(),
        client => client.Multiplexer.GetDatabase().Multiplexer == client.Multiplexer,
        client => client.Multiplexer.GetSubscriber().Multiplexer == client.Multiplexer,
        client => client.Multiplexer.GetDatabase(99).StringGet("key"),
        client => client.Multiplexer.GetDatabase(3).StringSet("key", "in database 3"),
        client => client.Multiplexer.GetDatabase(3).StringGet("key"),
        client => client.Multiplexer.GetDatabase(0).StringGet("key"),
        client => client.Multiplexer.Wait(client.Database.StringGetAsync("key")),
        client => client.Database.Wait(client.Database.StringSetAsync("key", 1)),
        client => Invoke(() => client.Multiplexer.WaitAll(client.Database.StringSetAsync("key", 2), client.Database.StringGetAsync("key"))),
        client => client.Multiplexer.Wait(client.Database.ListLengthAsync("key")),
        client => client.Database.TryWait(client.Database.StringGetAsync("key")),
        client => client.Database.IsConnected("key"),
        client => client.Database.IdentifyEndpoint("key") is not null,
        client => client.Database.IdentifyEndpointAsync("key"),
        client => client.Multiplexer.GetServer("127.0.0.1:1"),
        client => client.Multiplexer.GetServer((RedisKey)"key").EndPoint is not null,
        client => client.Multiplexer.GetStormLog(),
        client => client.Multiplexer.GetStatus().Length > 0,
        client => client.Multiplexer.ToString(),
    };

    private static object? Invoke(Action call)
    {
        call();
        return null;
    }
}
