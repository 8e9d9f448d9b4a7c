using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class ScriptingSteps
{
    private static readonly byte[] UnknownHash = Convert.FromHexString("0123456789abcdef0123456789abcdef01234567");

    public static Family All { get; } = new("scripting")
    {
        db => db.ScriptEvaluateAsync("return 1"),
        db => db.ScriptEvaluateAsync("return 1"),
        db => db.ScriptEvaluateAsync("return redis.call('SET', KEYS[1], ARGV[1])", ["key"], ["value"]),
        db => db.ScriptEvaluateAsync("return {KEYS[1], ARGV[1], 3, {4, 'five'}, false}", ["key"], ["argument"]),
        db => db.ScriptEvaluateAsync("return redis.call('GET', KEYS[1])", ["absent"]),
        db => db.ScriptEvaluateAsync("return redis.error_reply('MINE went wrong')"),
        db => db.ScriptEvaluateAsync("return redis.call('LPUSH', KEYS[1], 1)", ["key"]),
        db => db.ScriptEvaluateAsync("this is no Lua"),
        db => db.ScriptEvaluateAsync(UnknownHash),
        db => db.ScriptEvaluateReadOnlyAsync("return redis.call('GET', KEYS[1])", ["key"]),
        db => db.ScriptEvaluateReadOnlyAsync("return redis.call('SET', KEYS[1], 1)", ["key"]),
        db => db.ScriptEvaluateAsync(LuaScript.Prepare("return redis.call('SET', @key, @value)"), new { key = (RedisKey)"prepared", value = 7 }),
        client => client.Database.ScriptEvaluate(LuaScript.Prepare("return redis.call('GET', @key)"), new { key = (RedisKey)"prepared" }),
        client => client.Database.ScriptEvaluate(LuaScript.Prepare("return @missing"), new { other = 1 }),
        client => LoadedAsync(client),
        client => client.Server.ScriptLoad("return 'loaded'"),
        client => client.Server.ScriptExists("return 'loaded'"),
        client => client.Server.ScriptExistsAsync("return 'never loaded'"),
        client => client.Database.ScriptEvaluate(client.Server.ScriptLoad("return 'loaded'")),
        client => { client.Server.ScriptFlush(); return client.Server.ScriptExists("return 'loaded'"); },
        db => db.ScriptEvaluateAsync("return 1"),
    };

    private static async Task<object> LoadedAsync(ScriptClient client)
    {
        var loaded = await LuaScript.Prepare("return {@name, @count}").LoadAsync(client.Server);
        var asynchronous = await client.Database.ScriptEvaluateAsync(loaded, new { name = "x", count = 2 });
        return new[] { asynchronous, client.Database.ScriptEvaluate(loaded, new { name = "y", count = 3 }) };
    }
}
