using System.Globalization;
using System.Net;
using System.Text.Json;
using Monitoring.Alerts;
using Monitoring.Alerts.Rules;
using Monitoring.AspNetCore.Prometheus;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.AspNetCore.Tests.Prometheus;

public sealed class RuleFileTests
{
    private const string Target = "job=\"shop\",instance=\"a\"";

    /// <summary>For each rule: series that are well, that warn and that are critical, by the default thresholds.</summary>
    private static readonly Dictionary<string, (string Well, string? Warning, string Critical)[]> Cases = new()
    {
        [MetricNames.WebhookResponseTime] = [Series("monitoring_webhook_duration_p95_seconds", "endpoint=\"github\"", 0.9, 1, 3)],
        [MetricNames.RequestLatency] = [Series("monitoring_request_duration_p95_seconds", "endpoint=\"GET /orders/{id}\"", 0.9, 1, 3)],
        [MetricNames.RequestErrorRate] = [Series("monitoring_request_failure_ratio", "", 0.04, 0.05, 0.1), Same("monitoring_requests_last_minute", "endpoint=\"GET /orders/{id}\"", 20)],
        [MetricNames.RedisOperationLatency] = [Series("monitoring_redis_operation_duration_p95_seconds", "operation=\"GET\"", 0.09, 0.1, 0.5)],
        [MetricNames.TaskProcessingTime] = [Series("monitoring_task_queue_processing_duration_p95_seconds", "queue=\"tasks\"", 4.9, 5, 5000)],
        [MetricNames.RedisFailureRate] = [Series("monitoring_redis_failure_ratio", "", 0.04, 0.05, 0.1), Same("monitoring_redis_operations_last_minute", "operation=\"GET\"", 20)],
        [MetricNames.RedisMemory] = [Series("monitoring_redis_server_memory_used_bytes", "server=\"r:1\"", 84, 85, 95), Same("monitoring_redis_server_memory_limit_bytes", "server=\"r:1\"", 100), Server("noeviction")],
        [MetricNames.RedisEvictions] = [Series("monitoring_redis_server_evictions_per_second", "server=\"r:1\"", 0.9, 1, 100)],
        [MetricNames.RedisRejectedConnections] = [Series("monitoring_redis_server_rejected_connections", "server=\"r:1\"", 0, null, 1)],
        [MetricNames.RedisReplicationLag] = [Series("monitoring_redis_server_replication_silence_seconds", "server=\"r:1\"", 9, 10, 60)],
        [MetricNames.RedisMissRate] = [Series("monitoring_redis_server_hit_ratio", "server=\"r:1\"", 0.75, 0.65, 0.45), Same("monitoring_redis_server_lookups", "server=\"r:1\"", 100), Server("allkeys-lru")],
        [MetricNames.CacheMissRate] = [Series("monitoring_cache_hit_ratio", "cache=\"prices\",source=\"recorded\"", 0.75, 0.65, 0.45), Same("monitoring_cache_lookups_last_minute", "cache=\"prices\",source=\"recorded\"", 100)],
        [MetricNames.WebhookObjective] =
        [
            Series("monitoring_webhook_burn_rate", "window=\"3d\"", 0.9, 1, 5), Series("monitoring_webhook_burn_rate", "window=\"6h\"", 5.9, 1, 6),
            Series("monitoring_webhook_burn_rate", "window=\"30m\"", 5.9, 5.9, 6), Series("monitoring_webhook_burn_rate", "window=\"1h\"", 14.3, 14.3, 14.4),
            Series("monitoring_webhook_burn_rate", "window=\"5m\"", 20, 14.3, 14.4), Same("monitoring_webhook_burn_rate_requests", "window=\"3d\"", 100),
            Same("monitoring_webhook_burn_rate_requests", "window=\"6h\"", 100), Same("monitoring_webhook_burn_rate_requests", "window=\"1h\"", 99),
        ],
        [MetricNames.CircuitState] = [Series("monitoring_circuit_state", "circuit=\"redis\"", 1, null, 2)],
        [MetricNames.TaskQueueDepth] = [Series("monitoring_task_queue_depth", "queue=\"tasks\",priority=\"low\"", 49, 50, 80), Same("monitoring_task_queue_capacity", "queue=\"tasks\"", 100)],
        [MetricNames.TaskQueueOldestAge] = [Series("monitoring_task_queue_oldest_task_age_seconds", "queue=\"tasks\"", 59, 60, 300)],
        [MetricNames.WorkerUtilization] = [Series("monitoring_task_queue_utilization_ratio", "queue=\"tasks\"", 0.79, 0.8, 0.95)],
        [MetricNames.Backpressure] = [Series("monitoring_task_queue_backpressure", "queue=\"tasks\"", 0, 1, 2)],
        [MetricNames.CpuUsage] = [Series("monitoring_system_cpu_utilization_ratio", "", 0.79, 0.8, 0.95)],
        [MetricNames.MemoryUsage] = [Series("monitoring_system_memory_utilization_ratio", "", 0.84, 0.85, 0.95)],
        [MetricNames.DiskUsage] = [Series("monitoring_system_filesystem_utilization_ratio", "mountpoint=\"/\"", 0.89, 0.9, 0.95)],
        [MetricNames.ServiceHealth] = [Series("monitoring_service_health", "service=\"orders\"", 0, 1, 2)],
    };

    public static TheoryData<string> RuleNames => [.. DefaultAlertRules.From(new AlertOptions()).Select(rule => rule.Name)];

    [Fact]
    public void Every_default_rule_is_said_at_each_severity_that_it_can_have()
    {
        var options = new AlertOptions { Thresholds = { TaskProcessingTimeCritical = TimeSpan.FromSeconds(50) } };
        var rules = DefaultAlertRules.From(options);

        var (said, missing) = AlertingRules.From(rules);

        said.Select(rule => rule.Rule.Name).Distinct().Should().BeEquivalentTo(rules.Select(rule => rule.Name));
        said.Should().OnlyHaveUniqueItems(rule => $"{rule.Rule.Name} {rule.Severity}");
        missing.Should().BeEquivalentTo([(MetricNames.RedisRejectedConnections, "it is never a warning"), (MetricNames.CircuitState, "it is never a warning")]);
    }

    [Fact]
    public void Every_expression_asks_for_what_is_exported()
    {
        var options = new AlertOptions { MinimumCount = 5 };
        foreach (var rule in AlertingRules.From(DefaultAlertRules.From(options)).Rules)
        {
            // A template's other words, such as $value, are no labels.
            PromQl.ShouldBeExported(rule.Expression, rule.Summary.Replace("{{ ", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_rule_that_is_new_or_switched_off_is_named_with_the_reason_and_nothing_else_is_said()
    {
        var rule = DefaultAlertRules.From(new AlertOptions())[0];

        var text = RuleFile.Write([rule with { Name = "brand-new" }, rule with { IsEnabled = false }], ["own-rule"]);

        text.Should().Contain("# Not here: brand-new, because it has no expression over exported metrics.\n")
            .And.Contain($"# Not here: {rule.Name}, because it is switched off.\n")
            .And.Contain("# Not here: own-rule, because it is a rule of this service's own.\n").And.EndWith("groups: []\n");
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public async Task A_rule_fires_at_its_thresholds_and_not_before(string name)
    {
        Cases.Should().ContainKey(name, "a new rule needs a case here");
        var options = new AlertOptions { Thresholds = { TaskProcessingTimeCritical = TimeSpan.FromSeconds(5000) } };
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("rules.yml"), RuleFile.Write(options));
        var hasWarning = Cases[name][0].Warning is not null;

        await CheckAsync(folder, name, series => series.Well);
        if (hasWarning)
        {
            await CheckAsync(folder, name, series => series.Warning!, "warning");
        }

        await CheckAsync(folder, name, series => series.Critical, hasWarning ? ["critical", "warning"] : ["critical"]);
    }

    [Fact]
    public async Task What_guards_a_rule_keeps_it_quiet()
    {
        var options = new AlertOptions { MinimumCount = 10 };
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("rules.yml"), RuleFile.Write(options));

        await CheckAsync(folder, MetricNames.RedisFailureRate, [Line("monitoring_redis_failure_ratio", "", 1), Line("monitoring_redis_operations_last_minute", "operation=\"GET\"", 19)]);
        await CheckAsync(folder, MetricNames.WebhookResponseTime, [Line("monitoring_webhook_duration_p95_seconds", "endpoint=\"x\"", 9), Line("monitoring_webhook_requests_last_minute", "endpoint=\"x\"", 9)]);
        await CheckAsync(folder, MetricNames.WebhookResponseTime, [Line("monitoring_webhook_duration_p95_seconds", "endpoint=\"x\"", 9), Line("monitoring_webhook_requests_last_minute", "endpoint=\"x\"", 10)], "critical", "warning");
        await CheckAsync(folder, MetricNames.RedisMemory,
            [Line("monitoring_redis_server_memory_used_bytes", "server=\"r:1\"", 99), Line("monitoring_redis_server_memory_limit_bytes", "server=\"r:1\"", 100), Server("allkeys-lfu").Well]);
        await CheckAsync(folder, MetricNames.RedisMissRate,
            [Line("monitoring_redis_server_hit_ratio", "server=\"r:1\"", 0.1), Line("monitoring_redis_server_lookups", "server=\"r:1\"", 1000), Server("noeviction").Well]);
        await CheckAsync(folder, MetricNames.TaskQueueDepth, [Line("monitoring_task_queue_depth", "queue=\"unbounded\",priority=\"low\"", 499)]);
        await CheckAsync(folder, MetricNames.TaskQueueDepth, [Line("monitoring_task_queue_depth", "queue=\"unbounded\",priority=\"low\"", 500)], "warning");
    }

    [Fact]
    public async Task Promtool_accepts_the_file_and_it_has_the_thresholds_in_effect()
    {
        await using var host = await MonitoringHost.StartAsync(
            new() { ["Monitoring:Alerts:Thresholds:RedisLatencyWarning"] = "00:00:00.0300000", ["Monitoring:Alerts:For"] = "00:01:30" }, IPAddress.Loopback);
        using var response = await host.SendAsync(HttpMethod.Get, "prometheus/rules", change: static request => request.Headers.Host = "localhost");
        var text = await response.Content.ReadAsStringAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("rules.yml"), text);

        var (exitCode, output) = await Promtool.RunAsync(null, "check", "rules", folder.File("rules.yml"));

        exitCode.Should().Be(0, output);
        response.Content.Headers.ContentType!.ToString().Should().Be("text/yaml; charset=utf-8");
        text.Should().Contain("expr: \"monitoring_redis_operation_duration_p95_seconds >= 0.03\"").And.Contain("for: \"90s\"")
            .And.Contain("the warning threshold is 30 ms.").And.Contain("category: \"circuitBreaker\"");

        host.Monitor.Alerts.Reload(new AlertOptions { Thresholds = { RedisLatencyWarning = TimeSpan.FromMilliseconds(70) } });
        using var reloaded = await host.SendAsync(HttpMethod.Get, "prometheus/rules", change: static request => request.Headers.Host = "localhost");
        (await reloaded.Content.ReadAsStringAsync()).Should().Contain(">= 0.07\"");
    }

    [Fact]
    public async Task What_the_settings_change_of_a_rule_is_in_the_file()
    {
        const string awkward = "a.b|c\"\\d é$";
        var options = new AlertOptions
        {
            Rules =
            {
                new AlertRuleOptions { Name = MetricNames.WebhookResponseTime, Warning = 250, Instances = { awkward, "github" }, For = TimeSpan.FromMinutes(1) },
                new AlertRuleOptions { Name = MetricNames.TaskQueueDepth, Warning = 7, Critical = 9 },
                new AlertRuleOptions { Name = MetricNames.CircuitState, Enabled = false },
                new AlertRuleOptions { Name = MetricNames.RedisFailureRate, Instances = { "x" } },
                new AlertRuleOptions { Name = "orders-missing", Kind = "absence", Metric = "Shop/orders", Warning = 60 },
            },
        };
        using var folder = new TemporaryFolder();
        var text = RuleFile.Write(options);
        await File.WriteAllTextAsync(folder.File("rules.yml"), text);

        text.Should().NotContain("alert: \"circuit-state\"").And.NotContain("alert: \"redis-failure-rate\"").And.Contain("orders-missing, because");
        await CheckAsync(folder, MetricNames.WebhookResponseTime, [Line("monitoring_webhook_duration_p95_seconds", $"endpoint={JsonSerializer.Serialize(awkward)}", 0.25)], "warning");
        await CheckAsync(folder, MetricNames.WebhookResponseTime, [Line("monitoring_webhook_duration_p95_seconds", "endpoint=\"axb|c\"", 9)]);
        await CheckAsync(folder, MetricNames.WebhookResponseTime, [Line("monitoring_webhook_duration_p95_seconds", "endpoint=\"github\"", 9)], "critical", "warning");
        await CheckAsync(folder, MetricNames.TaskQueueDepth, [Line("monitoring_task_queue_depth", "queue=\"q\",priority=\"low\"", 6), Line("monitoring_task_queue_capacity", "queue=\"q\"", 6)]);
        await CheckAsync(folder, MetricNames.TaskQueueDepth, [Line("monitoring_task_queue_depth", "queue=\"q\",priority=\"low\"", 8)], "warning");
    }

    [Fact]
    public async Task Awkward_labels_and_runbooks_come_through_as_they_are()
    {
        const string awkward = "it's \"#: {{ $value }}\\ \u2028\n\té";
        var rule = DefaultAlertRules.From(new AlertOptions())[0] with
        {
            Labels = new Dictionary<string, string> { ["team"] = awkward, ["no label"] = "left out", ["severity"] = "taken" },
            Runbook = "https://wiki/" + awkward,
        };
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("rules.yml"), RuleFile.Write([rule], []));

        (await Promtool.RunAsync(null, "check", "rules", folder.File("rules.yml"))).ExitCode.Should().Be(0);
        await CheckAsync(folder, rule.Name, [Line("monitoring_webhook_duration_p95_seconds", "endpoint=\"github\"", 2)], [
            ("ALERTS", $$"""{alertname="{{rule.Name}}",alertstate="firing",category="webhook",endpoint="github",instance="a",job="shop",severity="warning",team={{JsonSerializer.Serialize(awkward)}}}"""),
        ]);
    }

    private static (string Well, string? Warning, string Critical) Series(string name, string labels, double well, double? warning, double critical) =>
        (Line(name, labels, well), warning is { } value ? Line(name, labels, value) : null, Line(name, labels, critical));

    private static (string Well, string? Warning, string Critical) Same(string name, string labels, double value) => Series(name, labels, value, value, value);

    private static (string Well, string? Warning, string Critical) Server(string policy) =>
        Same("monitoring_redis_server_info", $"server=\"r:1\",version=\"7\",role=\"master\",maxmemory_policy=\"{policy}\"", 1);

    private static string Line(string name, string labels, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}{{{labels}{(labels.Length > 0 ? "," : "")}{Target}}} {value}");

    private static Task CheckAsync(TemporaryFolder folder, string rule, Func<(string Well, string? Warning, string Critical), string> choose, params string[] firing) =>
        CheckAsync(folder, rule, Cases[rule].Select(choose), firing);

    private static Task CheckAsync(TemporaryFolder folder, string rule, IEnumerable<string> series, params string[] firing) =>
        CheckAsync(folder, $"sum by (severity) (ALERTS{{alertname=\"{rule}\",alertstate=\"firing\"}})", series, firing.Select(severity => $"{{severity=\"{severity}\"}}"));

    private static Task CheckAsync(TemporaryFolder folder, string rule, IEnumerable<string> series, (string Name, string Labels)[] firing) =>
        CheckAsync(folder, $"ALERTS{{alertname=\"{rule}\",alertstate=\"firing\"}}", series, firing.Select(alert => $"{alert.Name}{alert.Labels}"));

    // A test file of promtool, in the JSON that YAML has in it.
    private static async Task CheckAsync(TemporaryFolder folder, string expression, IEnumerable<string> series, IEnumerable<string> samples)
    {
        var test = new
        {
            rule_files = new[] { folder.File("rules.yml") },
            evaluation_interval = "15s",
            tests = new[]
            {
                new
                {
                    interval = "15s",
                    input_series = series.Select(static line => line.LastIndexOf(' ') is var at
                        ? new { series = line[..at], values = $"{line[(at + 1)..]}x20" }
                        : null),
                    promql_expr_test = new[] { new { expr = expression, eval_time = "4m", exp_samples = samples.Select(static labels => new { labels, value = 1 }) } },
                },
            },
        };
        await File.WriteAllBytesAsync(folder.File("test.yml"), JsonSerializer.SerializeToUtf8Bytes(test));
        var (exitCode, output) = await Promtool.RunAsync(null, "test", "rules", folder.File("test.yml"));
        exitCode.Should().Be(0, "of {0} with {1}: {2}", expression, string.Join("; ", series), output);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("monitoring-prometheus-").FullName;

        public string File(string name) => Path.Combine(_path, name);

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
