using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Monitoring.Caches;
using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis;

/// <summary>Whether a read of a real Redis found something, told from the replies that the client makes of it.</summary>
public sealed class CacheLookupTests : IAsyncLifetime
{
    private readonly PerformanceMonitor _monitor = PerformanceMonitor.Create();
    private ServerProcess _server = null!;
    private IConnectionMultiplexer _redis = null!;

    private IDatabase Database => _redis.GetDatabase();

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartRedisAsync();
        var inner = await ConnectionMultiplexer.ConnectAsync($"{_server.EndPoint},abortConnect=false,syncTimeout=60000,asyncTimeout=60000");
        _redis = inner.WithMonitoring(_monitor, new RedisConnectionOptions { UseDiagnostics = false });
        await Database.StringSetAsync([new("there", "value"), new("empty", "")]);
        await Database.HashSetAsync("hash", [new("a", "1"), new("b", "")]);
    }

    public async Task DisposeAsync()
    {
        await _redis.DisposeAsync();
        _monitor.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("there", 5, 0)]
    [InlineData("empty", 5, 0)]
    [InlineData("missing", 0, 5)]
    public async Task Strings(string key, long hits, long misses)
    {
        Database.StringGet(key);
        await Database.StringGetAsync(key);
        (await Database.StringGetLeaseAsync(key))?.Dispose();
        await Database.StringGetWithExpiryAsync(key);
        await Database.StringGetDeleteAsync(key);

        Found().Should().Be((hits, misses));
    }

    [Fact]
    public async Task Many_keys_are_a_lookup_each()
    {
        await Database.StringGetAsync(["there", "missing", "empty", "nowhere"]);
        await Database.StringGetAsync((RedisKey[])["missing"]);

        Found().Should().Be((2, 3));
    }

    [Fact]
    public async Task Fields_of_a_hash_are_one_lookup()
    {
        await Database.HashGetAsync("hash", ["a", "nowhere"]);
        await Database.HashGetAsync("hash", ["nowhere", "neither"]);
        await Database.HashGetAsync("missing", ["a", "b"]);
        await Database.HashGetAsync("hash", "b");
        await Database.HashGetAsync("hash", "nowhere");

        Found().Should().Be((2, 3));
    }

    [Fact]
    public async Task Commands_by_name_are_lookups_too()
    {
        await Database.ExecuteAsync("GET", "there");
        await Database.ExecuteAsync("get", "missing");
        await Database.ExecuteAsync("MGET", "there", "missing");
        await Database.ExecuteAsync("HMGET", "hash", "a", "nowhere");
        await Database.ExecuteAsync("HMGET", "missing", "a", "b");

        Found().Should().Be((3, 3));
    }

    [Fact]
    public async Task What_has_no_reply_or_failed_or_reads_no_key_is_no_lookup()
    {
        await Database.StringGetAsync("missing", CommandFlags.FireAndForget);
        await Database.Invoking(database => database.StringGetAsync("hash")).Should().ThrowAsync<RedisServerException>();
        await Database.KeyExistsAsync("missing");
        await Database.StringIncrementAsync("counter");
        await Database.PingAsync();
        await Database.StringGetAsync("there");

        Found().Should().Be((1, 0));
        _monitor.Redis.GetSummary().OperationsByType["GET"].Failures.Should().Be(1);
    }

    [Fact]
    public async Task An_entry_of_RedisCache_is_found_or_not()
    {
        using var cache = new RedisCache(new RedisCacheOptions { ConnectionMultiplexerFactory = () => Task.FromResult(_redis), InstanceName = "cache:" });
        await cache.SetAsync("settings", [1, 2, 3], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(5) });
        var before = Found();

        await cache.GetAsync("settings");
        cache.Get("settings");
        await cache.GetAsync("nothing");

        var after = Found();
        (after.Hits - before.Hits, after.Misses - before.Misses).Should().Be((2, 1));
    }

    [Fact]
    public async Task No_read_is_lost_where_many_run_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 4000).Select(i => Database.StringGetAsync(i % 4 == 0 ? "missing" : "there")));

        Found().Should().Be((3000, 1000));
    }

    private (long Hits, long Misses) Found()
    {
        var summary = _monitor.Caches.GetSummary();
        summary.Caches.Should().NotContain(cache => cache.Name != "redis" || cache.Source != CacheSource.Redis);
        return (summary.Hits, summary.Misses);
    }
}
