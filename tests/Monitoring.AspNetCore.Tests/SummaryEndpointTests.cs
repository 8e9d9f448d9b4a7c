using System.Net;
using System.Text.Json;
using Monitoring.Redis;
using Monitoring.Webhooks;

namespace Monitoring.AspNetCore.Tests;

public sealed class SummaryEndpointTests
{
    private static readonly string[] Windowed = ["webhook-timing", "redis-operations", "task-queue", "metrics/summary", "metrics/endpoints", "metrics/slow-queries", "metrics/caches"];

    [Theory]
    [InlineData("90s")]
    [InlineData("15m")]
    [InlineData("1h")]
    [InlineData("00:15:00")]
    [InlineData("1s")]
    [InlineData("3600s")]
    public async Task A_window_may_be_asked_for(string window)
    {
        await using var host = await StartAsync();

        foreach (var path in Windowed)
        {
            (await host.GetAsync($"{path}?window={window}", MonitoringHost.ReaderKey)).StatusCode.Should().Be(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0s")]
    [InlineData("61m")]
    [InlineData("2h")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("15")]
    [InlineData("15 m")]
    [InlineData("15M")]
    [InlineData("99999999999s")]
    [InlineData("01:00:01")]
    [InlineData("1e3s")]
    [InlineData("NaN")]
    [InlineData("１５m")]
    [InlineData("15m&window=1h")]
    public async Task Another_window_is_refused_with_field_value_and_range(string window)
    {
        await using var host = await StartAsync();

        foreach (var path in Windowed)
        {
            using var response = await host.GetAsync($"{path}?window={window}", MonitoringHost.ReaderKey);
            using var problem = await ReadAsync(response);

            response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
            response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
            problem.RootElement.GetProperty("status").GetInt32().Should().Be(400);
            problem.RootElement.GetProperty("errors").GetProperty("window")[0].GetString().Should()
                .Contain("1 s to 1 h").And.Contain($"'{window.Split('&')[0]}");
        }
    }

    [Fact]
    public async Task A_long_value_is_not_repeated_in_full()
    {
        await using var host = await StartAsync();

        using var response = await host.GetAsync($"webhook-timing?window={new string('9', 3000)}", MonitoringHost.ReaderKey);

        (await response.Content.ReadAsStringAsync()).Length.Should().BeLessThan(600);
    }

    [Fact]
    public async Task Durations_are_milliseconds_and_say_so()
    {
        await using var host = await StartAsync();
        host.Monitor.RecordWebhookTiming(new WebhookTimingBreakdown { Endpoint = "github", Total = TimeSpan.FromMilliseconds(100) });
        host.Monitor.RecordRedisOperation(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(20)));

        using var webhooks = await ReadAsync(await host.GetAsync("webhook-timing?window=1m", MonitoringHost.ReaderKey));
        using var redis = await ReadAsync(await host.GetAsync("redis-operations", MonitoringHost.ReaderKey));

        webhooks.RootElement.GetProperty("count").GetInt64().Should().Be(1);
        webhooks.RootElement.GetProperty("p95Ms").GetDouble().Should().BeApproximately(100, 4);
        webhooks.RootElement.GetProperty("within500MsPercent").GetDouble().Should().Be(100);
        redis.RootElement.GetProperty("operationsByType").GetProperty("GET").GetProperty("averageMs").GetDouble().Should().BeApproximately(20, 1);
    }

    [Fact]
    public async Task Hot_keys_sizes_and_slow_operations_are_in_the_answer_and_no_key_is()
    {
        await using var host = await StartAsync();
        ((PerformanceMonitor)host.Monitor).Redis.Observe(new RedisObservation(
            "HGETALL", null, "user:42:cart", TimeSpan.FromMilliseconds(250), RedisFailureKind.None, null, Weight: 2, ArgumentBytes: 10, ReplyBytes: 3_000, IsSlow: true));

        using var redis = await ReadAsync(await host.GetAsync("redis-operations", MonitoringHost.ReaderKey));

        var key = redis.RootElement.GetProperty("hotKeys").GetProperty("byBytes")[0];
        key.GetProperty("pattern").GetString().Should().Be("user:{id}:cart");
        (key.GetProperty("calls").GetInt64(), key.GetProperty("timeMs").GetDouble(), key.GetProperty("bytes").GetInt64()).Should().Be((2, 500, 6_020));
        redis.RootElement.GetProperty("argumentSizes").GetProperty("p95Bytes").GetInt64().Should().Be(10);
        redis.RootElement.GetProperty("replySizes").GetProperty("count").GetInt64().Should().Be(2);
        var slow = redis.RootElement.GetProperty("slowOperations")[0];
        slow.GetProperty("text").GetString().Should().Be("HGETALL user:{id}:cart");
        slow.GetProperty("fingerprint").GetString().Should().MatchRegex("^[0-9a-f]{16}$");
        slow.GetProperty("worstMs").GetDouble().Should().Be(250);
        slow.GetProperty("lastAt").GetDateTimeOffset().Should().Be(host.Clock.GetUtcNow());
        redis.RootElement.GetProperty("recent")[0].GetProperty("keyPattern").GetString().Should().Be("user:{id}:cart");
        redis.RootElement.GetRawText().Should().NotContain("user:42");
    }

    [Fact]
    public async Task An_empty_window_is_zeros()
    {
        await using var host = await StartAsync();

        using var webhooks = await ReadAsync(await host.GetAsync("webhook-timing", MonitoringHost.ReaderKey));
        using var redis = await ReadAsync(await host.GetAsync("redis-operations", MonitoringHost.ReaderKey));
        using var queue = await ReadAsync(await host.GetAsync("task-queue", MonitoringHost.ReaderKey));

        webhooks.RootElement.GetProperty("count").GetInt64().Should().Be(0);
        webhooks.RootElement.GetProperty("p95Ms").GetDouble().Should().Be(0);
        redis.RootElement.GetProperty("totalOperations").GetInt64().Should().Be(0);
        queue.RootElement.GetProperty("currentDepth").GetInt32().Should().Be(0);
    }

    [Fact]
    public async Task Circuits_are_listed_with_their_state_in_words()
    {
        await using var host = await StartAsync();
        host.Monitor.CircuitBreakers.GetOrAdd("redis", static _ => true);

        using var circuits = await ReadAsync(await host.GetAsync("circuit-breakers", MonitoringHost.ReaderKey));

        var circuit = circuits.RootElement.EnumerateArray().Should().ContainSingle().Subject;
        circuit.GetProperty("name").GetString().Should().Be("redis");
        circuit.GetProperty("state").GetString().Should().Be("Closed");
    }

    [Fact]
    public async Task The_prefix_can_be_another()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, prefix: "/ops");

        (await host.GetAsync("/ops/alerts", MonitoringHost.ReaderKey)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.GetAsync("/api/performance/alerts", MonitoringHost.ReaderKey)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static Task<MonitoringHost> StartAsync() => MonitoringHost.StartAsync(MonitoringHost.BothKeys);

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync());
}
