using System.Net;
using System.Text.Json;
using Monitoring.Queries;

namespace Monitoring.AspNetCore.Tests;

public sealed class QueryEndpointTests
{
    [Fact]
    public async Task Slow_queries_are_listed_without_their_values()
    {
        await using var host = await StartAsync();

        using var answer = await GetAsync(host, "metrics/slow-queries?window=1m");

        var root = answer.RootElement;
        (root.GetProperty("count").GetInt64(), root.GetProperty("slow").GetInt64(), root.GetProperty("thresholdMs").GetDouble()).Should().Be((3, 2, 100));
        var statement = root.GetProperty("statements").EnumerateArray().Should().ContainSingle().Which;
        statement.GetProperty("text").GetString().Should().Be("SELECT * FROM orders WHERE name = ?");
        statement.GetProperty("fingerprint").GetString().Should().MatchRegex("^[0-9a-f]{16}$");
        (statement.GetProperty("count").GetInt64(), statement.GetProperty("worstMs").GetDouble(), statement.GetProperty("rows").GetInt64()).Should().Be((2, 300, 4));
        root.GetRawText().Should().NotContain("Zq7Secret");
    }

    [Theory]
    [InlineData("threshold=0", 2)]
    [InlineData("threshold=0&limit=1", 1)]
    [InlineData("threshold=5ms", 2)]
    [InlineData("threshold=6ms", 1)]
    [InlineData("threshold=1s", 0)]
    [InlineData("threshold=60s", 0)]
    public async Task Threshold_and_limit_say_which(string query, int count)
    {
        await using var host = await StartAsync();

        using var answer = await GetAsync(host, $"metrics/slow-queries?{query}");

        answer.RootElement.GetProperty("statements").GetArrayLength().Should().Be(count);
    }

    [Theory]
    [InlineData("threshold", "")]
    [InlineData("threshold", "5")]
    [InlineData("threshold", "-1ms")]
    [InlineData("threshold", "61s")]
    [InlineData("threshold", "60001ms")]
    [InlineData("threshold", "99999999999s")]
    [InlineData("threshold", "1.5s")]
    [InlineData("limit", "0")]
    [InlineData("limit", "1001")]
    [InlineData("window", "2h")]
    public async Task What_is_out_of_range_is_refused_by_name(string field, string value)
    {
        await using var host = await StartAsync();

        using var response = await host.GetAsync($"metrics/slow-queries?{field}={value}", MonitoringHost.ReaderKey);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        problem.RootElement.GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue();
    }

    private static async Task<MonitoringHost> StartAsync()
    {
        var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        Record("SELECT * FROM orders WHERE name = 'Zq7Secret'", 300, 3);
        Record("SELECT * FROM orders WHERE name = 'other'", 100, 1);
        Record("SELECT now()", 5, null);
        return host;

        void Record(string sql, double milliseconds, long? rows) => host.Monitor.Queries.Record(new QueryExecution(
            sql, new QueryDatabase("postgresql", "shop"), TimeSpan.FromMilliseconds(milliseconds), QueryOutcome.Succeeded, rows, null));
    }

    private static async Task<JsonDocument> GetAsync(MonitoringHost host, string path)
    {
        using var response = await host.GetAsync(path, MonitoringHost.ReaderKey);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync());
    }
}
