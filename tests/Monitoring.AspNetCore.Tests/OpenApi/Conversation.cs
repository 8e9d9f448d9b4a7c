using System.Net;
using System.Text.Json;
using Monitoring.AspNetCore.Tests.Prometheus;
using Monitoring.AspNetCore.Tests.Security;
using Monitoring.TaskQueues;

namespace Monitoring.AspNetCore.Tests.OpenApi;

/// <summary>Asks every route of a service that is busy, and changes something on each that changes something: what the document is held to, and where its examples come from.</summary>
internal static class Conversation
{
    /// <summary>What is sent with a change, by its route; the others are sent an empty object.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["POST alerts/{key}/resolve"] = """{"note":"restarted the replica"}""",
        ["POST alerts/{key}/acknowledge"] = """{"note":"looking into it"}""",
        ["POST silences"] = """{"matchers":[{"label":"category","value":"redis"}],"durationMs":3600000,"reason":"moving the cluster"}""",
        ["PUT silences/{id}"] = """{"durationMs":7200000}""",
        ["POST circuit-breakers/{name}/isolate"] = """{"note":"maintenance"}""",
        ["POST circuit-breakers/{name}/close"] = """{"note":"maintenance is over"}""",
        ["PUT config"] = """{"Alerts":{"Thresholds":{"RedisLatencyWarning":"00:00:00.2"}}}""",
    };

    public static async Task<(MonitoringHost Host, IReadOnlyList<(Route Route, string? Sent, HttpStatusCode Status, JsonElement Answer)> Answers)> HoldAsync()
    {
        var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, IPAddress.Loopback);
        await BusyService.WorkAsync(host.Monitor, host.Clock);
        host.FireAlerts();
        var dead = new BoundedTaskQueue(new TaskQueueOptions { MaxAttempts = 1 }, host.Clock).WithMonitoring(host.Monitor);
        await dead.EnqueueAsync(BackgroundTask.Create(static _ => ValueTask.CompletedTask));

        var answers = new List<(Route, string?, HttpStatusCode, JsonElement)>();

        // Reading last, when everything has happened; but taking back what was done after that.
        var routes = Route.Of(host);
        foreach (var route in routes.OrderBy(route => Order(route.Name)))
        {
            var audited = host.Monitor.Audit.GetEntries().Count;
            var sent = route.Body is null ? null : Bodies.GetValueOrDefault(route.Name, "{}");
            using var response = await host.SendAsync(route.Method, PathOf(host, route), MonitoringHost.AdminKey, sent);
            if (response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json")
            {
                using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
                answers.Add((route, sent, response.StatusCode, answer.RootElement.Clone()));
            }

            // Whoever adds a change has to write down who made it.
            (host.Monitor.Audit.GetEntries().Count > audited).Should().Be(route.IsForAdmins, "{0} answered {1}", route, response.StatusCode);
        }

        return (host, answers);
    }

    private static int Order(string route) => route switch
    {
        "POST circuit-breakers/{name}/isolate" => 0,
        "POST alerts/{key}/acknowledge" => 1,
        "POST silences" => 2,
        "PUT silences/{id}" => 3,
        "POST alerts/{key}/resolve" or "POST circuit-breakers/{name}/close" or "DELETE config" => 9,
        "DELETE silences/{id}" => 8,
        _ when route.StartsWith("GET ", StringComparison.Ordinal) => 5,
        _ => 4,
    };

    private static string PathOf(MonitoringHost host, Route route) => route.PathWith(route.Path.Split('/')[0] switch
    {
        "alerts" => host.Monitor.GetActiveAlerts().Concat(host.Monitor.Alerts.GetResolved()).Select(static alert => alert.Key).First(),
        "silences" => host.Monitor.Alerts.Silences.GetAll().Select(static silence => silence.Id).FirstOrDefault("unknown"),
        "circuit-breakers" => "redis",
        "notifiers" => "log",
        _ => "unknown",
    });

    private static void FireAlerts(this MonitoringHost host)
    {
        host.Source.FailureRatePercent = 50;
        for (var second = 0; second < 120 && host.Monitor.GetActiveAlerts().Count < 3; second++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        host.Monitor.GetActiveAlerts().Should().NotBeEmpty();
    }
}
