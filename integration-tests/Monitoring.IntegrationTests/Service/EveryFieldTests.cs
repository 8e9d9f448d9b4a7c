using System.Net;
using System.Text.Json;
using Monitoring.TestSupport;
using Npgsql;

namespace Monitoring.IntegrationTests.Service;

/// <summary>What the API says of the sample service under load, with a real Redis and a real PostgreSQL.</summary>
public sealed class EveryFieldTests : IAsyncLifetime
{
    private const int Webhooks = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private ServerProcess _redis = null!;
    private ServerProcess _postgreSql = null!;
    private ServiceProcess _service = null!;

    public async Task InitializeAsync()
    {
        _redis = await ServerProcess.StartRedisAsync();
        _postgreSql = await ServerProcess.StartPostgreSqlAsync();
        var connection = $"Host=127.0.0.1;Port={_postgreSql.Port};Username=postgres;Database=postgres;Timeout=60;Command Timeout=60";
        await Eventually.Async(() => CanConnectAsync(connection), Patience, static () => "PostgreSQL lets nobody in");

        // A request is slow from a millisecond on, or else a quick machine has nothing slow to show.
        _service = await ServiceProcess.StartAsync(
            _redis.EndPoint, $"--ConnectionStrings:PostgreSql={connection}", "--Monitoring:Requests:SlowThreshold=00:00:00.0010000",
            "--Monitoring:Queries:SlowThreshold=00:00:00.0010000", "--Monitoring:System:SampleInterval=00:00:01");
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _postgreSql.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Every_part_of_the_dashboard_has_data_of_the_sample_under_load()
    {
        for (var i = 0; i < Webhooks; i++)
        {
            var body = $$$"""{"repository":{"full_name":"octo-org/api-{{{i % 5}}}"},"sender":{"login":"octocat"}}""";
            using var response = await _service.PostGitHubAsync(body: body);
            response.StatusCode.Should().Be(HttpStatusCode.Accepted);
        }

        using (var refused = await _service.PostGitHubAsync(signature: "sha256=00"))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        JsonElement dashboard = default;
        await Eventually.Async(
            async () =>
            {
                await _service.GetProcessedAsync();
                dashboard = await _service.GetAsync("dashboard?window=5m");
                return At("summary.status").GetString() != "Unknown" && Number("taskQueue.completed") >= Webhooks && Number("services.healthy") == 2 && At("system.sampledAt").ValueKind == JsonValueKind.String
                    && At("system.network").ValueKind == JsonValueKind.Object && At("system.cpu.usagePercent").ValueKind == JsonValueKind.Number;
            },
            Patience, () => dashboard.GetRawText());

        foreach (var path in new[]
        {
            "summary.totalRequests", "summary.successfulRequests", "summary.successRatePercent", "summary.requestsPerMinute", "summary.responseTimes.averageMs",
            "summary.responseTimes.minimumMs", "summary.responseTimes.maximumMs", "summary.responseTimes.p50Ms", "summary.responseTimes.p95Ms", "summary.responseTimes.p99Ms",
            "summary.cache.lookups", "summary.cache.hits", "summary.cache.misses", "summary.cache.hitRatePercent", "summary.operations.0.count", "summary.operations.0.sharePercent",
            "summary.webhooks.count", "summary.webhooks.p95Ms", "summary.webhooks.within500MsPercent", "summary.redis.operations", "summary.redis.p95Ms", "summary.taskQueue.completed",
            "realTime.totalRequests", "realTime.workers", "realTime.memoryPercent",
            "webhooks.count", "webhooks.phases.0.p95Ms", "webhooks.phases.0.averageSelfMs", "webhooks.endpoints.0.phases.0.sharePercent", "webhooks.slowest.0.totalMs", "webhooks.compliance.0.within500MsPercent",
            "requests.count", "requests.requestsPerSecond", "requests.statusClasses.status2xx", "requests.statusClasses.status4xx", "requests.endpoints.0.p99Ms",
            "caches.caches.0.hits", "queries.count", "queries.totalTimeMs",
            "redis.totalOperations", "redisServers.servers.0.clients", "system.memory.usagePercent", "system.memory.workingSetBytes", "system.process.threads", "system.process.handles",
            "system.threadPool.threads", "system.gc.heapBytes", "system.processCount", "system.disks.0.totalBytes",
            "services.services.0.averageResponseTimeMs", "services.services.0.uptimePercent",
        })
        {
            Number(path).Should().BeGreaterThan(0, path);
        }

        At("system.network.interfaces").GetArrayLength().Should().BeGreaterThan(0);
        At("summary.status").GetString().Should().NotBe("Idle");
        At("summary.reason").GetString().Should().NotBeEmpty();
        var endpoints = At("requests.endpoints").EnumerateArray().Select(static endpoint => $"{endpoint.GetProperty("method").GetString()} {endpoint.GetProperty("endpoint").GetString()}");
        endpoints.Should().BeEquivalentTo("POST /webhooks/github", "GET /stats");
        At("caches.caches").EnumerateArray().Select(static cache => $"{cache.GetProperty("name")} {cache.GetProperty("source")}").Should().BeEquivalentTo("repository-settings Recorded", "redis Redis");
        var statements = (await _service.GetAsync("metrics/slow-queries?threshold=0")).GetProperty("statements").EnumerateArray();
        var select = statements.Single(static statement => statement.GetProperty("text").GetString() == "SELECT priority FROM repository_settings WHERE repository = ?");
        (select.GetProperty("count").GetInt32(), select.GetProperty("system").GetString()).Should().Be((5, "postgresql"));
        select.GetProperty("totalTimeMs").GetDouble().Should().BeGreaterThan(0);
        select.GetProperty("endpoints")[0].GetProperty("endpoint").GetString().Should().Be("POST /webhooks/github");
        At("services.services").EnumerateArray().Select(static service => service.GetProperty("name").GetString()).Should().BeEquivalentTo("redis", "postgresql");

        var slow = (await _service.GetAsync("metrics/slow-requests")).GetProperty("requests").EnumerateArray().Where(static request => request.GetProperty("queries").GetInt32() > 0).First();
        slow.GetProperty("redisCommands").GetInt32().Should().BeGreaterThan(0);
        slow.GetProperty("redisTimeMs").GetDouble().Should().BeGreaterThan(0);
        slow.GetProperty("queryTimeMs").GetDouble().Should().BeGreaterThan(0);
        slow.GetProperty("traceId").GetString().Should().MatchRegex("^[0-9a-f]{32}$");
        slow.GetProperty("phases").EnumerateArray().Select(static phase => phase.GetProperty("name").GetString()).Should().Contain(["SignatureValidation", "RedisOperation", "CacheLookup"]);

        JsonElement At(string path)
        {
            var at = dashboard;
            foreach (var part in path.Split('.'))
            {
                var names = at;
                at = int.TryParse(part, out var index) ? at[index]
                    : at.TryGetProperty(part, out var found) ? found
                    : throw new KeyNotFoundException($"{path} is not there; there are: {string.Join(", ", names.EnumerateObject().Select(static property => property.Name))}");
            }

            return at;
        }

        double Number(string path) => At(path).GetDouble();
    }

    private static async Task<bool> CanConnectAsync(string connection)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(connection);
            await using var opened = await source.OpenConnectionAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
