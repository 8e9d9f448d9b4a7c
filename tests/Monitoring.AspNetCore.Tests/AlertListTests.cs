using System.Net;
using System.Text.Json;
using Monitoring.Alerts;
using Monitoring.Telemetry;

namespace Monitoring.AspNetCore.Tests;

/// <summary>Which alerts are listed, page by page.</summary>
public sealed class AlertListTests
{
    [Theory]
    [InlineData("", "redis-operation-latency.get", "redis-operation-latency.set", "task-queue-depth.orders", "webhook-response-time.github")]
    [InlineData("severity=critical", "redis-operation-latency.get", "task-queue-depth.orders")]
    [InlineData("severity=Warning", "redis-operation-latency.set", "webhook-response-time.github")]
    [InlineData("category=taskQueue", "task-queue-depth.orders")]
    [InlineData("category=Redis&severity=warning", "redis-operation-latency.set")]
    [InlineData("rule=redis-operation-latency", "redis-operation-latency.get", "redis-operation-latency.set")]
    [InlineData("rule=redis")]
    [InlineData("instance=GET", "redis-operation-latency.get")]
    [InlineData("q=GitHub", "webhook-response-time.github")]
    [InlineData("q=are%20waiting", "task-queue-depth.orders")]
    [InlineData("state=firing", "redis-operation-latency.get", "redis-operation-latency.set", "task-queue-depth.orders", "webhook-response-time.github")]
    [InlineData("state=resolved")]
    [InlineData("suppressed=true", "webhook-response-time.github")]
    [InlineData("suppressed=false&severity=warning", "redis-operation-latency.set")]
    [InlineData("acknowledged=true", "task-queue-depth.orders")]
    [InlineData("acknowledged=false&category=TaskQueue")]
    [InlineData("unknown=7&severity=critical", "redis-operation-latency.get", "task-queue-depth.orders")]
    public async Task What_fits_is_listed(string query, params string[] keys)
    {
        await using var host = await StartAsync();
        (await host.AskAsync(HttpMethod.Post, "alerts/task-queue-depth.orders/acknowledge", """{"note":"on it"}""")).Status.Should().Be(HttpStatusCode.OK);
        host.Monitor.Alerts.Silences.Add(new Silence { Matchers = [new("category", "webhook")], EndsAt = host.Clock.GetUtcNow().AddHours(1), Author = "alice", Reason = "known" });
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        var (status, body) = await host.AskAsync($"alerts?{query}");

        status.Should().Be(HttpStatusCode.OK);
        body.Texts("active", "key").Should().BeEquivalentTo(keys);
        body.GetProperty("matched").GetProperty("active").GetInt32().Should().Be(keys.Length);
        body.GetProperty("summary").GetRawText().Should().Be("""{"total":4,"warning":2,"critical":2}""");
    }

    [Theory]
    [InlineData("severity=bad", "severity", "Warning, Critical")]
    [InlineData("severity=1", "severity", "Warning, Critical")]
    [InlineData("category=redi", "category", "TaskQueue")]
    [InlineData("state=", "state", "Firing")]
    [InlineData("suppressed=maybe", "suppressed", "true or false")]
    [InlineData("limit=0", "limit", "1 to 1000")]
    [InlineData("limit=1001", "limit", "1 to 1000")]
    [InlineData("limit=-1", "limit", "1 to 1000")]
    [InlineData("q=a&q=b", "q", "once")]
    [InlineData("cursor=here", "cursor", "next")]
    [InlineData("cursor=active.x.1.key", "cursor", "next")]
    [InlineData("cursor=others.1.1.key", "cursor", "next")]
    public async Task What_cannot_be_asked_for_is_refused_by_name(string query, string field, string allowed)
    {
        await using var host = await StartAsync();

        var (status, body) = await host.AskAsync($"alerts?{query}");

        status.Should().Be(HttpStatusCode.BadRequest);
        body.WrongFields().Should().Equal(field);
        body.Text("detail").Should().Contain(allowed);
    }

    [Fact]
    public async Task Pages_follow_one_another_and_leave_out_nothing()
    {
        await using var host = await StartAsync(queues: 25);
        foreach (var alert in host.Monitor.GetActiveAlerts().Take(12).ToList())
        {
            host.Monitor.ResolveAlert(alert.Key);
        }

        foreach (var list in (string[])["active", "resolved"])
        {
            List<string?> keys = [];
            for (string? cursor = ""; cursor is not null;)
            {
                var (_, page) = await host.AskAsync($"alerts?limit=5{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
                page.GetProperty(list).GetArrayLength().Should().BeInRange(1, 5);
                keys.AddRange(page.Texts(list, "key"));
                cursor = page.GetProperty("next").Text(list);
                if (keys.Count > 5)
                {
                    page.GetProperty(list == "active" ? "resolved" : "active").GetArrayLength().Should().Be(0, "the cursor is of the other list");
                }
            }

            var all = await host.AskAsync("alerts?limit=1000");
            keys.Should().Equal(all.Body.Texts(list, "key")).And.OnlyHaveUniqueItems();
        }
    }

    [Fact]
    public async Task A_page_goes_on_where_the_last_one_ended_although_alerts_are_gone()
    {
        await using var host = await StartAsync(queues: 10);
        var (_, first) = await host.AskAsync("alerts?limit=3");
        foreach (var key in first.Texts("active", "key").ToList())
        {
            host.Monitor.ResolveAlert(key!);
        }

        var (_, second) = await host.AskAsync($"alerts?limit=1000&cursor={first.GetProperty("next").Text("active")}");

        second.Texts("active", "key").Should().Equal(host.Monitor.GetActiveAlerts().Select(alert => alert.Key));
    }

    [Fact]
    public async Task One_alert_is_shown_with_its_timeline_and_deliveries()
    {
        await using var host = await StartAsync();

        var (status, body) = await host.AskAsync("alerts/task-queue-depth.orders");

        status.Should().Be(HttpStatusCode.OK);
        body.GetProperty("alert").Text("instance").Should().Be("orders");
        body.GetProperty("alert").GetProperty("timeline")[0].Text("kind").Should().Be("Fired");
        body.GetProperty("deliveries").ValueKind.Should().Be(JsonValueKind.Array);
        (await host.AskAsync("alerts/nobody")).Status.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_alert_is_acknowledged_once()
    {
        await using var host = await StartAsync();
        const string Path = "alerts/task-queue-depth.orders/acknowledge";

        var (status, body) = await host.AskAsync(HttpMethod.Post, Path, """{"note":"on it"}""");

        status.Should().Be(HttpStatusCode.OK);
        (body.Text("acknowledgedBy"), body.Text("acknowledgementNote")).Should().Be(("admin", "on it"));
        host.Log.Entries.Should().Contain(entry => entry.EventId == 1520);
        (await host.AskAsync(HttpMethod.Post, Path, "{}")).Status.Should().Be(HttpStatusCode.Conflict);
        await host.ResolveAsync("task-queue-depth.orders");
        (await host.AskAsync(HttpMethod.Post, Path, "{}")).Status.Should().Be(HttpStatusCode.Conflict);
        (await host.AskAsync(HttpMethod.Post, "alerts/nobody/acknowledge", "{}")).Status.Should().Be(HttpStatusCode.NotFound);
        (await host.AskAsync(HttpMethod.Post, Path, """{"note":7}""")).Body.WrongFields().Should().Equal("note");
    }

    [Fact]
    public async Task Rules_are_listed_with_how_they_stand()
    {
        await using var host = await StartAsync();

        var (status, body) = await host.AskAsync("alerts/rules");

        status.Should().Be(HttpStatusCode.OK);
        body.Texts("rules", "name").Should().Equal(host.Monitor.Alerts.GetRules().Select(rule => rule.Name));
    }

    private static async Task<MonitoringHost> StartAsync(int queues = 0)
    {
        var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        host.Source.Others.AddRange(queues > 0
            ? Enumerable.Range(0, queues).Select(number => new MetricReading(MetricNames.TaskQueueDepth, number % 2 == 0 ? 900 : 600, $"queue{number}"))
            :
            [
                new(MetricNames.TaskQueueDepth, 900, "orders"), new(MetricNames.RedisOperationLatency, 800, "GET", Count: 100),
                new(MetricNames.RedisOperationLatency, 200, "SET", Count: 100), new(MetricNames.WebhookResponseTime, 1500, "github", Count: 100),
            ]);
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        return host;
    }
}
