using System.Text.Json;
using Monitoring.AspNetCore.Prometheus;

namespace Monitoring.IntegrationTests.Prometheus;

/// <summary>What a real Prometheus makes of the metrics, the rules and the dashboard's queries.</summary>
public sealed class PrometheusTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>What a service has only when an alert is kept quiet or a channel fails, and what a machine may lack.</summary>
    private static readonly Metric[] OnlyInTrouble =
    [
        AlertMetrics.Suppressed, AlertMetrics.NotTold, AlertMetrics.NotDelivered,
        SystemMetrics.ContainerCpu, SystemMetrics.ContainerMemory, SystemMetrics.DiskIo, SystemMetrics.NetworkIo,
    ];

    [Fact]
    public async Task It_scrapes_evaluates_and_fires()
    {
        await using var service = await ScrapedService.StartAsync();
        await using var prometheus = await PrometheusServer.StartAsync(service);

        var target = default(JsonElement);
        await Eventually.Async(
            async () =>
            {
                var targets = (await prometheus.GetAsync("targets")).GetProperty("activeTargets");
                return targets.GetArrayLength() == 1 && (target = targets[0]).GetProperty("health").GetString() == "up";
            },
            Patience, () => $"the target is not up: {target}");

        // Every metric has samples, with what the target adds to them.
        string[] expected = [.. Exposition.All.Except(OnlyInTrouble).SelectMany(static metric => metric.SampleNames)];
        string[] missing = [];
        await Eventually.Async(
            async () =>
            {
                var names = (await prometheus.QueryAsync($"count by (__name__) (last_over_time({{__name__=~\"monitoring_.+\",job=\"shop\",instance=\"{service.Target}\"}}[1h]))"))
                    .Select(static series => series.GetProperty("metric").GetProperty("__name__").GetString()!);
                return (missing = [.. expected.Except(names)]).Length == 0;
            },
            Patience, () => $"without samples: {string.Join(", ", missing)}");
        (await prometheus.GetAsync("metadata?metric=monitoring_redis_operation_duration_seconds")).GetProperty("monitoring_redis_operation_duration_seconds")[0]
            .GetProperty("type").GetString().Should().Be("summary");

        // Every rule is evaluated without an error.
        JsonElement[] rules = [];
        await Eventually.Async(
            async () =>
            {
                rules = [.. (await prometheus.GetAsync("rules")).GetProperty("groups").EnumerateArray().SelectMany(static group => group.GetProperty("rules").EnumerateArray())];
                return rules.Length > 0 && rules.All(static rule => rule.GetProperty("health").GetString() == "ok");
            },
            Patience, () => $"not well: {string.Join("; ", rules.Where(static rule => rule.GetProperty("health").GetString() != "ok"))}");
        rules.Select(static rule => rule.GetProperty("name").GetString()).Distinct().Should()
            .BeEquivalentTo(Monitoring.Alerts.Rules.DefaultAlertRules.From(new Monitoring.Alerts.AlertOptions()).Select(static rule => rule.Name));

        // Slow webhooks fire at both severities, an open circuit at its only one; their texts are filled in.
        string[] alerts = [];
        await Eventually.Async(
            async () =>
            {
                alerts = [.. (await prometheus.GetAsync("alerts")).GetProperty("alerts").EnumerateArray().Select(static alert =>
                    $"{Text(alert, "labels", "alertname")} {Text(alert, "labels", "severity")} {alert.GetProperty("state").GetString()}: {Text(alert, "annotations", "summary")}")];
                return new[]
                {
                    "webhook-response-time warning firing: Webhooks of github are slow", "webhook-response-time critical firing: Webhooks of github are slow",
                    "circuit-state critical firing: Circuit supplier is open and rejects calls",
                }.All(alerts.Contains);
            },
            Patience, () => $"alerts: {string.Join("; ", alerts)}");

        // Every query of the dashboard is one that Prometheus can evaluate, and those of what every service has find something.
        foreach (var (expression, _) in Panels.Rows.SelectMany(static row => row.Panels).SelectMany(static panel => panel.Queries))
        {
            var query = expression.Replace("$job", ".*", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal).Replace("$__rate_interval", "1h", StringComparison.Ordinal);
            query.Should().NotContain("$");
            var mayBeEmpty = OnlyInTrouble.Any(metric => query.Contains(metric.SampleName, StringComparison.Ordinal));

            // A rate needs two scrapes, and some of what it is of happens only now and then.
            await Eventually.Async(async () => (await prometheus.QueryAsync(query)).Count > 0 || mayBeEmpty, Patience, () => $"'{query}' finds nothing");
        }
    }

    private static string? Text(JsonElement alert, string part, string name) => alert.GetProperty(part).TryGetProperty(name, out var text) ? text.GetString() : null;
}
