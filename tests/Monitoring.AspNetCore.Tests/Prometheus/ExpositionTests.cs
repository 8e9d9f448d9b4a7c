using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Alerts;
using Monitoring.AspNetCore.Prometheus;
using Monitoring.Caches;
using Monitoring.CircuitBreakers;
using Monitoring.Measurements;
using Monitoring.Queries;
using Monitoring.Redis;
using Monitoring.Requests;
using Monitoring.Services;
using Monitoring.SystemResources;
using Monitoring.TaskQueues;
using Monitoring.Telemetry;
using Monitoring.TestSupport;
using Monitoring.Webhooks;

namespace Monitoring.AspNetCore.Tests.Prometheus;

public sealed class ExpositionTests
{
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_metric_is_there_with_its_type_and_its_labels_and_no_other(bool openMetrics)
    {
        await using var host = await StartBusyAsync();

        var text = await ScrapeAsync(host, openMetrics ? OpenMetrics : null);

        var expected = Exposition.All.Where(metric => !BusyService.OnlyInTrouble.Contains(metric)).ToList();
        text.Types.Keys.Should().Contain(expected.Select(Family)).And.BeSubsetOf(Exposition.All.Select(Family));
        text.Samples.Should().OnlyHaveUniqueItems(sample => $"{sample.Name} {string.Join(',', sample.Labels)}");
        foreach (var metric in expected)
        {
            text.Types[Family(metric)].Should().Be(metric.Type == MetricType.Info && !openMetrics ? "gauge" : Metric.NameOf(metric.Type), "of {0}", metric.Name);
            foreach (var name in metric.SampleNames)
            {
                var labels = name.EndsWith("_bucket", StringComparison.Ordinal) ? metric.Labels.Append("le") : metric.Labels;
                text.Samples.Where(sample => sample.Name == name).Should().NotBeEmpty("{0} has to have samples", name)
                    .And.OnlyContain(sample => sample.Labels.Select(label => label.Label).SequenceEqual(labels), "of {0}", name);
            }
        }

        text.Samples.Select(sample => sample.Name).Distinct().Should().BeSubsetOf(Exposition.All.SelectMany(metric => metric.SampleNames));
        text.Ends.Should().Be(openMetrics ? 1 : 0);

        string Family(Metric metric) => openMetrics ? metric.Name : metric.SampleName;
    }

    [Fact]
    public void The_names_follow_the_conventions()
    {
        Exposition.All.Should().OnlyHaveUniqueItems(metric => metric.Name);
        foreach (var metric in Exposition.All)
        {
            metric.Name.Should().MatchRegex("^monitoring_[a-z0-9_]+$").And.NotEndWith("_total").And.NotEndWith("_info").And.NotEndWith("_count").And.NotEndWith("_sum").And.NotEndWith("_bucket");
            metric.Help.Should().EndWith(".").And.NotContainAny("\"", "\\", "\n");
            metric.Labels.Should().NotContain(label => label.StartsWith("__", StringComparison.Ordinal) || label == "le" || label == "quantile");
            if (metric.Unit.Length > 0)
            {
                metric.Name.Should().EndWith($"_{metric.Unit}", "OpenMetrics wants the unit at the end");
            }
        }
    }

    [Fact]
    public async Task Promtool_accepts_the_text_and_finds_nothing_to_complain_about()
    {
        await using var host = await StartBusyAsync();
        using var response = await host.GetAsync("prometheus");

        var (exitCode, output) = await Promtool.RunAsync(await response.Content.ReadAsByteArrayAsync(), "check", "metrics");

        (exitCode, output).Should().Be((0, ""));
    }

    [Fact]
    public async Task The_figures_are_those_of_the_snapshots()
    {
        await using var host = await StartBusyAsync();

        var text = await ScrapeAsync(host);

        text.Value("monitoring_webhook_duration_seconds_bucket", ("endpoint", "github"), ("le", "0.5")).Should().Be(1);
        text.Value("monitoring_webhook_duration_seconds_bucket", ("endpoint", "github"), ("le", "2.0")).Should().Be(2);
        text.Value("monitoring_webhook_duration_seconds_bucket", ("endpoint", "github"), ("le", "+Inf")).Should().Be(3);
        text.Value("monitoring_webhook_duration_seconds_count", ("endpoint", "github")).Should().Be(3);
        text.Value("monitoring_webhook_duration_seconds_sum", ("endpoint", "github")).Should().BeApproximately(3.8, 0.01);
        text.Value("monitoring_webhook_duration_p95_seconds", ("endpoint", "github"))
            .Should().Be(host.Monitor.GetWebhookTimingSummary(TimeSpan.FromMinutes(1)).Endpoints.Single(endpoint => endpoint.Endpoint == "github").P95.TotalSeconds);
        text.Value("monitoring_webhook_duration_p95_seconds", ("endpoint", BusyService.AwkwardName)).Should().BePositive("the name comes through unharmed");
        text.Value("monitoring_request_duration_seconds_count", ("endpoint", "GET /orders/{id}")).Should().Be(5);
        text.Value("monitoring_request_failures_total", ("endpoint", "GET /orders/{id}")).Should().Be(1);
        text.Value("monitoring_request_responses_total", ("endpoint", "GET /orders/{id}"), ("status", "4xx")).Should().Be(1);
        text.Value("monitoring_request_cache_lookups_total", ("endpoint", "GET /orders/{id}"), ("result", "miss")).Should().Be(4);
        text.Value("monitoring_request_failure_ratio").Should().Be(0.2);
        text.Value("monitoring_redis_operations_total", ("operation", "GET")).Should().Be(6);
        text.Value("monitoring_redis_operation_failures_total", ("operation", "GET")).Should().Be(4);
        text.Value("monitoring_redis_failures_total", ("kind", "canceled")).Should().Be(1);
        text.Value("monitoring_redis_operation_duration_seconds_count", ("operation", "GET")).Should().Be(5, "a rejected one never waited");
        text.Value("monitoring_redis_failure_ratio").Should().BeApproximately(4 / 6.0, 1e-9);
        text.Value("monitoring_redis_server_info", ("server", "redis:6379"), ("version", "7.0.15"), ("role", "master"), ("maxmemory_policy", "volatile-lru")).Should().Be(1);
        text.Value("monitoring_redis_server_hit_ratio", ("server", "redis:6379")).Should().Be(0.6);
        text.Value("monitoring_redis_server_replication_silence_seconds", ("server", "redis:6379")).Should().Be(12);
        text.Value("monitoring_redis_requests_awaiting_completion", ("connection", "redis")).Should().Be(3);
        text.Value("monitoring_circuit_state", ("circuit", "redis")).Should().Be(2);
        text.Value("monitoring_task_queue_depth", ("queue", "mail"), ("priority", "low")).Should().Be(3);
        text.Value("monitoring_task_queue_completed_total", ("queue", "mail"), ("priority", "normal")).Should().Be(2);
        text.Value("monitoring_task_queue_processing_duration_seconds_sum", ("queue", "mail")).Should().BeApproximately(6, 0.01);
        text.Value("monitoring_task_queue_enqueued_total", ("queue", "tasks"), ("priority", "normal")).Should().Be(1);
        text.Value("monitoring_internal_errors_total").Should().Be(0);
    }

    [Fact]
    public async Task Counters_keep_what_windows_forget()
    {
        await using var host = await StartBusyAsync();
        host.Clock.Advance(TimeSpan.FromHours(2));

        var text = await ScrapeAsync(host);

        text.Value("monitoring_webhook_duration_seconds_count", ("endpoint", "github")).Should().Be(3);
        text.Value("monitoring_webhook_duration_seconds_sum", ("endpoint", "github")).Should().BeApproximately(3.8, 0.01);
        text.Value("monitoring_redis_operations_total", ("operation", "GET")).Should().Be(6);
        text.Samples.Should().NotContain(sample => sample.Name.Contains("_p95_") || sample.Name == "monitoring_redis_failure_ratio", "nothing happened in the last minute");
        text.Samples.Should().NotContain(sample => sample.Name.StartsWith("monitoring_redis_server_"), "the server was not asked for long");
    }

    [Fact]
    public async Task Alerts_are_counted_by_rule_severity_and_state()
    {
        await using var host = await MonitoringHost.StartAsync(caller: IPAddress.Loopback);
        var rule = host.Monitor.Alerts.Find(host.FireAlert())!.Rule;

        (await ScrapeAsync(host)).Value("monitoring_alerts", ("alertname", rule), ("severity", "critical"), ("state", "firing")).Should().Be(1);
    }

    [Fact]
    public async Task A_room_that_cannot_be_read_is_left_out_and_counted()
    {
        var clock = new FakeClock();
        await using var real = PerformanceMonitor.Create(timeProvider: clock);
        await BusyService.WorkAsync(real, clock);
        await using var host = await MonitoringHost.StartAsync(caller: IPAddress.Loopback, services: services => services.AddSingleton<IPerformanceMonitor>(new WithoutQueues(real)));

        var text = await ScrapeAsync(host, OpenMetrics);

        text.Samples.Should().NotContain(sample => sample.Name.StartsWith("monitoring_task_queue_"));
        text.Samples.Should().Contain(sample => sample.Name == "monitoring_webhook_duration_seconds_count").And.Contain(sample => sample.Name.StartsWith("monitoring_notifier_"));
        text.Value("monitoring_internal_errors_total").Should().Be(1);
        text.Ends.Should().Be(1);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("no media type", false)]
    [InlineData("text/plain", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text; version=1.0.0", true)]
    [InlineData("application/openmetrics-text; version=\"1.0.0\"", true)]
    [InlineData("application/openmetrics-text; version=9.9.9", false)]
    [InlineData("application/openmetrics-text;q=0", false)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5, text/plain;version=0.0.4", false)]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,text/plain;version=0.0.4;q=0.3", false)]
    public async Task The_scraper_chooses_the_format(string? accept, bool openMetrics)
    {
        await using var host = await MonitoringHost.StartAsync(caller: IPAddress.Loopback);
        using var response = await GetAsync(host, accept);

        response.Content.Headers.ContentType!.ToString().Should().Be(openMetrics ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text);
        response.Headers.Vary.Should().Contain("Accept");
        ExpositionText.Parse(await response.Content.ReadAsByteArrayAsync()).Ends.Should().Be(openMetrics ? 1 : 0);
    }

    private static async Task<MonitoringHost> StartBusyAsync()
    {
        var host = await MonitoringHost.StartAsync(new() { ["Monitoring:System:Enabled"] = "true", ["Monitoring:System:SampleInterval"] = "00:01:00" }, IPAddress.Loopback);
        await BusyService.WorkAsync(host.Monitor, host.Clock);
        return host;
    }

    private static Task<HttpResponseMessage> GetAsync(MonitoringHost host, string? accept) => host.SendAsync(HttpMethod.Get, "prometheus", change: request =>
    {
        request.Headers.Host = "localhost";
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }
    });

    private static async Task<ExpositionText> ScrapeAsync(MonitoringHost host, string? accept = null)
    {
        using var response = await GetAsync(host, accept);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return ExpositionText.Parse(await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>A monitor whose queues cannot be read.</summary>
    private sealed class WithoutQueues(IPerformanceMonitor real) : IPerformanceMonitor
    {
        public TimeProvider TimeProvider => real.TimeProvider;

        public WebhookMonitor Webhooks => real.Webhooks;

        public RequestMonitor Requests => real.Requests;

        public CacheMonitor Caches => real.Caches;

        public QueryMonitor Queries => real.Queries;

        public SystemMonitor SystemResources => real.SystemResources;

        public ServiceMonitor Services => real.Services;

        public MeasurementMonitor Measurements => real.Measurements;

        public RedisMonitor Redis => real.Redis;

        public CircuitBreakerRegistry CircuitBreakers => real.CircuitBreakers;

        public TaskQueueMonitor TaskQueue => real.TaskQueue;

        public AlertManager Alerts => real.Alerts;

        public AuditLog Audit => real.Audit;

        public Monitoring.History.HistoryMonitor History => real.History;

        public DateTimeOffset StartedAt => real.StartedAt;

        public void RecordWebhookTiming(WebhookTimingBreakdown breakdown) => real.RecordWebhookTiming(breakdown);

        public void RecordRedisOperation(in RedisOperationMetric metric) => real.RecordRedisOperation(in metric);

        public void RecordTaskQueueMetrics(Monitoring.TaskQueues.TaskQueueMetrics metrics) => real.RecordTaskQueueMetrics(metrics);

        public TaskQueueSummary GetTaskQueueSummary(TimeSpan? window = null) => throw new InvalidOperationException("No queues today.");
    }
}
