using System.Text.Json;
using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis;

public sealed class HotKeyTests : IAsyncLifetime
{
    private const int Users = 50;

    private readonly PerformanceMonitor _monitor = PerformanceMonitor.Create();
    private ServerProcess _server = null!;
    private IConnectionMultiplexer _inner = null!;
    private IConnectionMultiplexer _redis = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartRedisAsync();
        _inner = await ConnectionMultiplexer.ConnectAsync($"{_server.EndPoint},abortConnect=false,syncTimeout=60000,asyncTimeout=60000");
        _redis = _inner.WithMonitoring(_monitor, new RedisConnectionOptions { UseDiagnostics = false });
    }

    public async Task DisposeAsync()
    {
        await _redis.DisposeAsync();
        _monitor.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_patterns_with_the_most_calls_and_the_most_bytes_are_told()
    {
        var db = _redis.GetDatabase();
        await db.StringSetAsync("report:2026-11-21", new byte[200_000]);
        for (var user = 0; user < Users; user++)
        {
            await db.StringSetAsync($"user:{user}:name", "0123456789");
            await db.StringGetAsync($"user:{user}:name");
        }

        var summary = _monitor.Redis.GetSummary();

        summary.HotKeys.ByCalls[0].Should().Match<RedisKeyPattern>(keys => keys.Pattern == "user:{id}:name" && keys.Calls == 2 * Users && keys.Bytes == 2 * Users * 10 && keys.ErrorPercent == 0);
        summary.HotKeys.ByBytes[0].Should().Match<RedisKeyPattern>(keys => keys.Pattern == "report:{id}" && keys.Calls == 1 && keys.Bytes == 200_000);
        summary.HotKeys.ByTime.Select(keys => keys.Pattern).Should().BeEquivalentTo("user:{id}:name", "report:{id}");
        summary.ArgumentSizes.Should().Match<RedisPayloadSizes>(sizes => sizes.Count == Users + 1 && sizes.P50Bytes == 10 && sizes.MaximumBytes == 200_000);
        summary.ReplySizes.Should().Match<RedisPayloadSizes>(sizes => sizes.P50Bytes == 10 && sizes.MaximumBytes == 10);
    }

    [Fact]
    public async Task What_waited_for_a_paused_server_is_a_slow_operation_by_its_pattern()
    {
        await _inner.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "1500", "ALL");
        await _redis.GetDatabase().HashGetAllAsync("user:3f2504e0-4f89-11d3-9a0c-0305e82c3301:cart");

        var summary = _monitor.Redis.GetSummary();

        var slow = summary.SlowOperations.Should().ContainSingle(operation => operation.Text == "HGETALL user:{id}:cart").Subject;
        (slow.Count, slow.Failures).Should().Be((1, 0));
        slow.Worst.Should().BeGreaterThan(TimeSpan.FromMilliseconds(100));
        summary.Recent.Should().Contain(operation => operation.Operation == "HGETALL" && operation.KeyPattern == "user:{id}:cart");
        JsonSerializer.Serialize(summary).Should().NotContain("3f2504e0");
    }
}
