using Monitoring.Alerts;
using Monitoring.Redis;
using Monitoring.Requests;
using Monitoring.TestSupport;
using Monitoring.Webhooks;

namespace Monitoring.Core.Tests;

public sealed class OverviewTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly PerformanceMonitor _monitor;
    private readonly IPerformanceMonitor _front;

    public OverviewTests()
    {
        _monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { Enabled = false } }, _clock);
        _front = _monitor;
    }

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void Before_the_first_evaluation_nothing_is_known()
    {
        var summary = _front.GetPerformanceSummary();

        summary.Status.Should().Be(MonitoringStatus.Unknown);
        summary.Reason.Should().Be("The alert rules have not been evaluated within the last minute.");
        (summary.TotalRequests, summary.SuccessRatePercent, summary.RequestsPerMinute).Should().Be((0, 0, 0));
        summary.ResponseTimes.Should().Be(new ResponseTimes());
        summary.Cache.Should().Be(new CacheFigures());
    }

    [Fact]
    public void Without_traffic_it_is_idle_and_with_traffic_healthy()
    {
        Evaluate();
        _front.GetRealTimeMetrics().Status.Should().Be(MonitoringStatus.Idle);

        Request("GET /orders", 20);
        _front.GetRealTimeMetrics().Status.Should().Be(MonitoringStatus.Healthy);

        _clock.Advance(TimeSpan.FromMinutes(7));
        _front.GetRealTimeMetrics().Status.Should().Be(MonitoringStatus.Idle);
    }

    [Fact]
    public void A_webhook_is_traffic_too()
    {
        Evaluate();
        _front.RecordWebhookTiming(new WebhookTimingBreakdown { Endpoint = "github", Total = TimeSpan.FromMilliseconds(3) });

        _front.GetPerformanceSummary().Status.Should().Be(MonitoringStatus.Healthy);
    }

    [Fact]
    public void The_worst_active_alert_decides_and_is_told()
    {
        FailRedis();
        for (var second = 0; second < 120 && _front.GetActiveAlerts().Count == 0; second++)
        {
            Evaluate();
        }

        var summary = _front.GetPerformanceSummary();
        summary.Status.Should().Be(MonitoringStatus.Critical);
        summary.ActiveAlerts.Critical.Should().BePositive();
        summary.Reason.Should().Contain(_front.GetActiveAlerts()[0].Message).And.EndWith(".");
    }

    [Fact]
    public void An_evaluation_that_is_long_past_says_nothing_about_now()
    {
        Evaluate();
        _monitor.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(61));

        _front.GetPerformanceSummary().Status.Should().Be(MonitoringStatus.Unknown);
    }

    [Fact]
    public void The_figures_are_those_of_the_rooms()
    {
        Evaluate();
        for (var i = 0; i < 9; i++)
        {
            Request("/orders", 10);
        }

        _front.RecordRequest(new RequestMetric("/login", TimeSpan.FromMilliseconds(200), false) { Method = "POST", StatusCode = 500 });
        _front.RecordCache("prices", hit: true);
        _front.RecordCache("prices", hit: false);
        _front.RecordMetric("orders-in-flight", 4);
        _front.RecordWebhookTiming(new WebhookTimingBreakdown { Endpoint = "github", Total = TimeSpan.FromMilliseconds(3) });

        var summary = _front.GetPerformanceSummary();

        (summary.TotalRequests, summary.SuccessfulRequests, summary.SuccessRatePercent).Should().Be((10, 9, 90));
        summary.RequestsPerMinute.Should().BePositive();
        summary.ResponseTimes.Maximum.Should().Be(_front.GetRequestSummary().Maximum).And.BePositive();
        summary.Cache.Should().Be(new CacheFigures(2, 1, 1, 50));
        summary.Operations.Should().HaveCount(2);
        summary.Operations[0].Should().Be(new OperationShare("GET /orders", 9, 90));
        summary.Operations[1].Should().Be(new OperationShare("POST /login", 1, 10));
        summary.Webhooks.Count.Should().Be(1);
        summary.Measurements.Should().ContainSingle().Which.Last.Should().Be(4);
        summary.Window.Should().Be(TimeSpan.FromHours(1));
        _front.GetRealTimeMetrics().Window.Should().Be(TimeSpan.FromMinutes(5));
        _front.GetRealTimeMetrics().Should().BeEquivalentTo(summary, o => o.Excluding(s => s.Window).Excluding(s => s.RequestsPerMinute));
    }

    private void Evaluate() => _clock.Advance(TimeSpan.FromSeconds(1));

    private void Request(string endpoint, double milliseconds) =>
        _front.RecordRequest(new RequestMetric(endpoint, TimeSpan.FromMilliseconds(milliseconds), true) { Method = "GET", StatusCode = 200 });

    private void FailRedis()
    {
        for (var i = 0; i < 40; i++)
        {
            _front.RecordRedisOperation(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(1), RedisFailureKind.Timeout));
        }
    }
}
