using System.Net;
using System.Text.Json;
using Monitoring.Redis;
using Monitoring.Requests;

namespace Monitoring.AspNetCore.Tests;

public sealed class HistoryEndpointTests
{
    [Fact]
    public async Task Series_are_served_by_column_with_null_where_nothing_is_known()
    {
        await using var host = await WorkAsync();

        var (status, history) = await host.AskAsync("history?metric=request-latency&metric=request-rate&window=60s");

        status.Should().Be(HttpStatusCode.OK);
        (history.GetProperty("stepMs").GetDouble(), history.GetProperty("count").GetInt32()).Should().Be((1000, 60));
        history.GetProperty("startAt").GetDateTimeOffset().Should().Be(host.Clock.GetUtcNow() - TimeSpan.FromSeconds(60));
        history.GetProperty("oldestAt").GetDateTimeOffset().Should().Be(host.Clock.GetUtcNow() - TimeSpan.FromSeconds(59));
        Names(history).Should().Equal("request-latency", "request-latency GET /orders", "request-rate");
        var latency = history.GetProperty("series")[0];
        latency.Text("unit").Should().Be("ms");
        foreach (var column in new[] { "average", "maximum" })
        {
            var values = latency.GetProperty(column).EnumerateArray().ToList();
            values.Should().HaveCount(60);
            values[0].ValueKind.Should().Be(JsonValueKind.Null);
            values[20].GetDouble().Should().BeApproximately(20, 1);
            values[^1].ValueKind.Should().Be(JsonValueKind.Null, "there was no request in the last ten seconds");
        }

        history.GetProperty("series")[2].GetProperty("average").EnumerateArray().Last().GetDouble().Should().Be(0);
    }

    [Fact]
    public async Task One_can_ask_between_two_moments_for_an_instance_and_a_number_of_points()
    {
        await using var host = await WorkAsync();

        var (_, between) = await host.AskAsync("history?metric=request-rate&from=2026-01-01T00:00:10Z&to=2026-01-01T01:00:40%2B01:00&points=10");
        (between.GetProperty("startAt").GetDateTimeOffset().ToString("HH:mm:ss", null), between.GetProperty("stepMs").GetDouble(), between.GetProperty("count").GetInt32()).Should().Be(("00:00:10", 5000, 6));
        var (_, spaced) = await host.AskAsync("history?metric=request-rate&from=2026-01-01T01:00:10+01:00&to=2026-01-01T00:00:40&points=10");
        spaced.GetRawText().Should().Be(between.GetRawText());

        Names((await host.AskAsync("history?metric=request-latency&instance=GET%20/orders")).Body).Should().Equal("request-latency GET /orders");
        Names((await host.AskAsync("history?metric=request-latency&instance=")).Body).Should().Equal("request-latency");
        Names((await host.AskAsync("history?metric=request-latency&instance=unknown")).Body).Should().BeEmpty();
        Names((await host.AskAsync("history")).Body).Should().Contain(["request-rate", "webhook-rate", "redis-operation-latency GET"]);
        (await host.AskAsync("history?window=24h&points=2000")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("metric=redis-latency&metric=made-up", "metric", "redis-failure-rate")]
    [InlineData("metric=", "metric", "redis-latency")]
    [InlineData("window=25h", "window", "1 s to 24 h")]
    [InlineData("window=0s", "window", "1 s to 24 h")]
    [InlineData("window=5m&from=2026-01-01T00:00:00Z", "window", "the one or the other")]
    [InlineData("window=5m&to=2026-01-01T00:00:00Z", "window", "the one or the other")]
    [InlineData("from=yesterday", "from", "2026-01-31T08:00:00Z")]
    [InlineData("from=0001-01-01T00:00:00Z", "from", "from 1970 on")]
    [InlineData("to=0001-01-01T00:00:00Z", "to", "from 1970 on")]
    [InlineData("to=2026-01-01", "to", "ISO 8601")]
    [InlineData("from=2025-12-30T00:00:00Z", "from", "24 h at most")]
    [InlineData("from=2026-01-01T00:00:30Z&to=2026-01-01T00:00:30Z", "from", "before the end")]
    [InlineData("points=9", "points", "10 to 2000")]
    [InlineData("points=2001", "points", "10 to 2000")]
    [InlineData("points=many", "points", "10 to 2000")]
    public async Task What_is_wrong_is_named_with_what_is_allowed(string query, string field, string allowed)
    {
        await using var host = await WorkAsync();

        var (status, problem) = await host.AskAsync($"history?{query}");

        status.Should().Be(HttpStatusCode.BadRequest);
        problem.WrongFields().Should().Equal(field);
        problem.Text("detail").Should().Contain(allowed);
    }

    [Theory]
    [InlineData("to=9999-12-31T23:59:59Z")]
    [InlineData("to=1970-01-01T00:00:00Z")]
    [InlineData("from=9999-12-31T00:00:00Z&to=9999-12-31T23:59:59.9999999Z")]
    [InlineData("from=1970-01-01T00:00:00Z&to=1970-01-01T00:00:01Z")]
    public async Task Where_nothing_is_kept_there_is_no_series_and_no_failure(string query)
    {
        await using var host = await WorkAsync();

        (await host.AskAsync($"history?{query}")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_map_of_redis_latency_has_bounds_in_milliseconds_and_a_column_each_second()
    {
        await using var host = await WorkAsync();

        var (_, map) = await host.AskAsync("redis-operations/latency-map?window=60s");

        map.GetProperty("stepMs").GetDouble().Should().Be(1000);
        map.GetProperty("upperBoundsMs").EnumerateArray().Select(static bound => bound.GetDouble()).Should().HaveCount(15).And.StartWith([0.0655, 0.131]);
        map.GetProperty("columns").EnumerateArray().Sum(static column => column.EnumerateArray().Sum(static cell => cell.GetInt64())).Should().Be(40);
        (await host.AskAsync("redis-operations/latency-map?window=2h")).Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_changed_is_served_the_newest_first()
    {
        await using var host = await WorkAsync();
        host.Monitor.CircuitBreakers.GetOrAdd("redis", static _ => true).Isolate("<b>maintenance</b>");

        var (_, changes) = await host.AskAsync("changes");

        changes.Texts("changes", "kind").Should().Equal("Circuit", "Started");
        changes.Texts("changes", "text").First().Should().Be("Circuit redis was isolated: calls fail at once (isolated by hand: <b>maintenance</b>).");
        (await host.AskAsync("changes?window=1h")).Body.GetProperty("changes").GetArrayLength().Should().Be(2);
        (await host.AskAsync("changes?window=2h")).Status.Should().Be(HttpStatusCode.BadRequest);
    }

    private static IEnumerable<string> Names(JsonElement history) =>
        history.GetProperty("series").EnumerateArray().Select(static series => $"{series.Text("metric")} {series.Text("instance")}".TrimEnd());

    /// <summary>Forty seconds with a request and a Redis operation each, and twenty without.</summary>
    private static async Task<MonitoringHost> WorkAsync()
    {
        var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        for (var second = 0; second < 60; second++)
        {
            if (second < 40)
            {
                host.Monitor.RecordRequest(new RequestMetric("/orders", TimeSpan.FromMilliseconds(20)) { Method = "GET", StatusCode = 200 });
                host.Monitor.RecordRedisOperation(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(2), default));
            }

            host.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return host;
    }
}
