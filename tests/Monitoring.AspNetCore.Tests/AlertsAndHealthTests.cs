using System.Net;
using System.Text.Json;

namespace Monitoring.AspNetCore.Tests;

public sealed class AlertsAndHealthTests
{
    [Fact]
    public async Task Alerts_are_listed_with_their_counts_from_active_to_resolved()
    {
        await using var host = await StartAsync();
        var key = host.FireAlert();

        using var firing = await ReadAsync(host, "alerts");
        await host.ResolveAsync(key);
        using var resolved = await ReadAsync(host, "alerts");

        firing.RootElement.GetProperty("active")[0].GetProperty("key").GetString().Should().Be(key);
        firing.RootElement.GetProperty("active")[0].GetProperty("severity").GetString().Should().Be("Critical");
        Counts(firing).Should().Be((1, 0, 1));
        resolved.RootElement.GetProperty("active").GetArrayLength().Should().Be(0);
        resolved.RootElement.GetProperty("resolved")[0].GetProperty("key").GetString().Should().Be(key);
        Counts(resolved).Should().Be((0, 0, 0));
    }

    [Fact]
    public async Task A_value_that_json_cannot_say_does_not_cost_the_answer()
    {
        await using var host = await StartAsync();
        host.FireAlert();
        host.Source.FailureRatePercent = double.PositiveInfinity;
        host.Clock.Advance(TimeSpan.FromSeconds(2));

        (await host.GetAsync("alerts", MonitoringHost.ReaderKey)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Health_follows_the_alerts_and_liveness_does_not()
    {
        await using var host = await StartAsync();

        (await StatusAsync(host, "health")).Should().Be((HttpStatusCode.OK, "Unknown"));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await StatusAsync(host, "health")).Should().Be((HttpStatusCode.OK, "Idle"));
        host.Monitor.BeginWebhook("github").Dispose();
        (await StatusAsync(host, "health")).Should().Be((HttpStatusCode.OK, "Healthy"));
        var key = host.FireAlert();
        (await StatusAsync(host, "health")).Should().Be((HttpStatusCode.ServiceUnavailable, "Critical"));
        (await StatusAsync(host, "health/live")).Should().Be((HttpStatusCode.OK, "alive"));
        await host.ResolveAsync(key);
        (await StatusAsync(host, "health")).Should().Be((HttpStatusCode.OK, "Healthy"));
    }

    [Fact]
    public async Task A_warning_still_takes_work()
    {
        await using var host = await StartAsync();
        host.Source.FailureRatePercent = 7;
        host.Clock.Advance(TimeSpan.FromMinutes(2));

        (await StatusAsync(host, "health")).Should().Be((HttpStatusCode.OK, "Warning"));
    }

    [Fact]
    public async Task The_dashboard_is_what_the_routes_of_its_parts_answer()
    {
        await using var host = await StartAsync();
        host.Monitor.BeginWebhook("github").Dispose();
        host.FireAlert();

        using var dashboard = await ReadAsync(host, "dashboard?window=15m");
        foreach (var (part, route) in new[]
        {
            ("summary", "summary?window=15m"), ("realTime", "real-time"), ("webhooks", "webhook-timing?window=15m"), ("requests", "metrics/summary?window=15m"),
            ("caches", "metrics/caches?window=15m"), ("redis", "redis-operations?window=15m"), ("redisServers", "redis-servers"), ("circuitBreakers", "circuit-breakers"),
            ("taskQueue", "task-queue?window=15m"), ("services", "services/health?window=15m"),
        })
        {
            using var alone = await ReadAsync(host, route);
            dashboard.RootElement.GetProperty(part).GetRawText().Should().Be(alone.RootElement.GetRawText(), part);
        }

        using var alerts = await ReadAsync(host, "alerts");
        dashboard.RootElement.GetProperty("activeAlerts").GetRawText().Should().Be(alerts.RootElement.GetProperty("active").GetRawText());
    }

    private static Task<MonitoringHost> StartAsync() => MonitoringHost.StartAsync(MonitoringHost.BothKeys);

    private static async Task<(HttpStatusCode, string?)> StatusAsync(MonitoringHost host, string path)
    {
        using var response = await host.GetAsync(path, MonitoringHost.ReaderKey);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, body.RootElement.GetProperty("status").GetString());
    }

    private static (int Total, int Warning, int Critical) Counts(JsonDocument alerts)
    {
        var summary = alerts.RootElement.GetProperty("summary");
        return (summary.GetProperty("total").GetInt32(), summary.GetProperty("warning").GetInt32(), summary.GetProperty("critical").GetInt32());
    }

    private static async Task<JsonDocument> ReadAsync(MonitoringHost host, string path) =>
        JsonDocument.Parse(await (await host.GetAsync(path, MonitoringHost.ReaderKey)).Content.ReadAsStringAsync());
}
