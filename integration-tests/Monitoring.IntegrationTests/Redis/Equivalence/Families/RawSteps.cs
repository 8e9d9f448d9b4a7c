using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class RawSteps
{
    public static Family All { get; } = new("raw commands")
    {
        db => db.ExecuteAsync("SET", "key", "value"),
        db => db.ExecuteAsync("get", "key"),
        db => db.ExecuteAsync("GET", "absent"),
        db => db.ExecuteAsync("LPUSH", "list", 1, 2.5, "three"),
        db => db.ExecuteAsync("LRANGE", "list", 0, -1),
        db => db.ExecuteAsync("ZADD", (List<object>)["scores", 1, "one", 2, "two"], CommandFlags.None),
        db => db.ExecuteAsync("ZRANGE", "scores", "0", "-1", "WITHSCORES"),
        db => db.ExecuteAsync("HSET", "hash", "field", "value"),
        db => db.ExecuteAsync("HGETALL", "hash"),
        db => db.ExecuteAsync("OBJECT", "ENCODING", "key"),
        db => db.ExecuteAsync("TYPE", "key"),
        db => db.ExecuteAsync("EXPIRE", "key", 3600),
        db => db.ExecuteAsync("LOLWUT", "VERSION", "1"),
        client => client.Database.Execute("ECHO", "hello"),
        client => client.Database.Execute("ECHO"),
        client => client.Database.Execute(""),
        client => client.Database.Execute("GET", new object()),
    };

    public static Family Errors { get; } = new("errors")
    {
        db => db.StringSetAsync("text", "value"),
        db => db.ListLeftPushAsync("text", "item"),
        db => db.HashGetAllAsync("text"),
        db => db.SetAddAsync("text", "member"),
        db => db.SortedSetScoreAsync("text", "member"),
        db => db.StreamLengthAsync("text"),
        db => db.StringIncrementAsync("text"),
        db => db.StringIncrementAsync("text", 1.5),
        db => db.HyperLogLogLengthAsync("text"),
        db => db.GeoPositionAsync("text", "member"),
        db => db.ExecuteAsync("SET", "text", "value", "NONSENSE"),
        db => db.ExecuteAsync("EXPIRE", "text", "soon"),
        db => db.ExecuteAsync("OBJECT", "NONSENSE"),
        client => client.Database.Execute("NOSUCHCOMMAND", "argument"),
        client => client.Database.ExecuteAsync("GET"),
        client => client.Database.ExecuteAsync("XADD", "stream"),
        client => client.Database.StringGet(default(RedisKey)),
        client => client.Database.StringSet((KeyValuePair<RedisKey, RedisValue>[])null!),
        client => client.Database.StringGetAsync((RedisKey[])null!),
        client => client.Database.ScriptEvaluate((string)null!),
        client => client.Database.ListTrimAsync("text", 0, 1),
        client => client.Database.SetCombine((SetOperation)9, "a", "b"),
        client => client.Database.StringSet("text", "value", TimeSpan.FromTicks(1)),
        client => client.Database.StringSet("text", "value", TimeSpan.FromHours(-1)),
        client => client.Database.KeyDelete("text", CommandFlags.DemandReplica),
        client => client.Database.StringGet("text", CommandFlags.DemandReplica),
        client => client.Database.StringGetAsync("text", CommandFlags.DemandReplica),
        client => client.Database.StringGet("text", CommandFlags.PreferReplica),
        client => client.Database.KeyMigrateAsync("text", null!),
        client => client.Database.HashSet("hash", "field", "value", When.Exists),
        client => client.Database.DebugObject("absent"),
        client => client.Multiplexer.GetDatabase(-2),
        client => client.Subscriber.Subscribe(default),
    };
}
