using Monitoring.History;
using Monitoring.Redis;
using Monitoring.Requests;
using Monitoring.Services;
using Monitoring.TaskQueues;
using Monitoring.Telemetry;
using Monitoring.TestSupport;
using Monitoring.Webhooks;

namespace Monitoring.Core.Tests;

public sealed class HistoryReadingsTests : IDisposable
{
    private static readonly TimeSpan Window = HistoryReadings.Window;

    private readonly FakeClock _clock = new();
    private readonly PerformanceMonitor _monitor;
    private readonly IPerformanceMonitor _front;

    public HistoryReadingsTests()
    {
        _monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { Enabled = false } }, _clock);
        _front = _monitor;
    }

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void The_values_are_those_of_the_summaries()
    {
        _front.Services.Add("orders", static _ => new(ServiceProbeResult.Healthy));
        _front.CircuitBreakers.GetOrAdd("redis", static _ => true);
        for (var second = 0; second < 30; second++)
        {
            Work(second);
            Pass(1);
        }

        var webhooks = _front.GetWebhookTimingSummary(Window);
        var redis = _front.GetRedisOperationSummary(Window);
        var requests = _front.GetRequestSummary(Window);
        var queues = _front.GetTaskQueueSummary(Window);

        Value(MetricNames.WebhookResponseTime).Should().Be(webhooks.P95.TotalMilliseconds);
        Value(MetricNames.WebhookResponseTime, "github").Should().Be(webhooks.Endpoints.Single(static endpoint => endpoint.Endpoint == "github").P95.TotalMilliseconds);
        Value(HistoryMetrics.WebhookWithinTarget).Should().Be(webhooks.Within500MsPercent).And.BeInRange(1, 99);
        Value(HistoryMetrics.RedisLatency).Should().Be(redis.P95.TotalMilliseconds);
        Value(MetricNames.RedisFailureRate).Should().BeApproximately(100 - redis.SuccessRatePercent, 1e-9).And.BePositive();
        Value(MetricNames.RedisOperationLatency, "GET").Should().Be(redis.OperationsByType["GET"].P95.TotalMilliseconds);
        Value(MetricNames.RequestLatency).Should().Be(requests.P95.TotalMilliseconds);
        Value(MetricNames.RequestLatency, "GET /orders").Should().Be(requests.Endpoints.Single(static endpoint => endpoint.Name == "GET /orders").P95.TotalMilliseconds);
        Value(HistoryMetrics.RequestRate).Should().Be(requests.RequestsPerSecond);
        Value(MetricNames.RequestErrorRate).Should().BeApproximately(100 - requests.SuccessRatePercent, 1e-9).And.BePositive();
        Value(MetricNames.TaskQueueDepth).Should().Be(queues.CurrentDepth).And.Be(12);
        Value(MetricNames.TaskQueueDepth, "mail").Should().Be(7);
        queues.Priorities.Select(priority => Value(HistoryMetrics.TaskQueuePriorityDepth, priority.Priority.ToString()))
            .Should().Equal(queues.Priorities.Select(static priority => (double)priority.Depth)).And.HaveCount(3);
        Value(MetricNames.WorkerUtilization).Should().Be(queues.CurrentWorkerUtilizationPercent);
        Value(MetricNames.TaskProcessingTime).Should().Be(queues.P95ProcessingTime.TotalMilliseconds);
        Value(MetricNames.TaskQueueOldestAge).Should().Be(queues.OldestTaskAge.TotalMilliseconds);
        Value(HistoryMetrics.CacheHitRate).Should().Be(_front.Caches.GetSummary(Window).HitRatePercent).And.Be(75);
        Value(MetricNames.CircuitState, "redis").Should().Be(0);
        Value(MetricNames.ServiceHealth, "orders").Should().Be(0);

        // One of a second each but for Redis: ten seconds and what is over of the oldest of them.
        Value(HistoryMetrics.WebhookRate).Should().BeApproximately(2, 0.2);
        Value(HistoryMetrics.RedisRate).Should().BeApproximately(4, 0.4);
        Value(HistoryMetrics.RedisOperationRate, "GET").Should().BeApproximately(3, 0.3);
        Value(HistoryMetrics.TaskArrivalRate).Should().BeApproximately(4, 0.4);
        Value(HistoryMetrics.TaskCompletionRate).Should().BeApproximately(3, 0.3);
    }

    [Fact]
    public void Where_nothing_goes_on_latencies_and_shares_have_a_gap_and_rates_are_zero()
    {
        Work(0);
        Pass(60);

        _front.History.GetLatest().Where(static value => value.Instance is null).Select(static value => (value.Metric, value.Value)).Should().BeEquivalentTo(new (string, double)[]
        {
            (HistoryMetrics.WebhookRate, 0),
            (HistoryMetrics.RedisRate, 0),
            (HistoryMetrics.RequestRate, 0),
            (HistoryMetrics.TaskArrivalRate, 0),
            (HistoryMetrics.TaskCompletionRate, 0),
            (MetricNames.TaskQueueDepth, 12),
            (MetricNames.WorkerUtilization, 100.0 / 3),
            (MetricNames.TaskQueueOldestAge, 90_000 + 60_000),
        }, static o => o.Using<double>(static c => c.Subject.Should().BeApproximately(c.Expectation, 61_000)).WhenTypeIs<double>());
    }

    [Fact]
    public void Each_second_of_the_loop_is_a_point()
    {
        Pass(120);

        var read = _front.History.Read([HistoryMetrics.RequestRate], _clock.GetUtcNow() - TimeSpan.FromSeconds(100), _clock.GetUtcNow(), 300);

        read.Count.Should().Be(100);
        read.Series.Single().Average.Should().OnlyContain(static value => value == 0);
    }

    private double Value(string metric, string? instance = null) =>
        _front.History.GetLatest().Single(value => value.Metric == metric && value.Instance == instance).Value;

    private void Pass(int seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    private void Work(int second)
    {
        foreach (var milliseconds in new[] { 20 + second, 900 })
        {
            _front.RecordWebhookTiming(new WebhookTimingBreakdown { Endpoint = milliseconds < 500 ? "github" : "stripe", Total = TimeSpan.FromMilliseconds(milliseconds) });
            _front.RecordRequest(new RequestMetric("/orders", TimeSpan.FromMilliseconds(milliseconds), milliseconds < 500) { Method = milliseconds < 500 ? "GET" : "POST" });
        }

        for (var i = 0; i < 3; i++)
        {
            _front.RecordRedisOperation(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(1 + i), i == 0 ? RedisFailureKind.Timeout : default));
        }

        _front.RecordRedisOperation(new RedisOperationMetric("SET", TimeSpan.FromMilliseconds(9), default));
        for (var i = 0; i < 4; i++)
        {
            _front.RecordCache("prices", hit: i > 0);
        }

        Queue("mail", 7);
        Queue("reports", 5);
    }

    private void Queue(string name, int depth) => _front.RecordTaskQueueMetrics(new()
    {
        Queue = name,
        Depth = depth,
        TotalWorkers = 3,
        ActiveWorkers = 1,
        Enqueued = name == "mail" ? 4 : 0,
        Completed = name == "mail" ? 2 : 0,
        Failed = name == "mail" ? 1 : 0,
        OldestTaskAge = TimeSpan.FromSeconds(90),
        ProcessingTimes = name == "mail" ? [TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(60)] : [],
    });
}
