using Monitoring.Alerts;
using Monitoring.CircuitBreakers;
using Monitoring.Redis;
using Monitoring.Telemetry;
using Monitoring.TestSupport;
using Monitoring.Webhooks;

namespace Monitoring.Core.Tests;

public sealed class LaneTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly PerformanceMonitor _monitor;
    private readonly IPerformanceMonitor _front;

    public LaneTests()
    {
        _monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { Enabled = false } }, _clock);
        _front = _monitor;
    }

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void Before_the_first_evaluation_nothing_is_known()
    {
        _front.GetLanes().Should().HaveCount(4).And.OnlyContain(static lane => lane.Status == MonitoringStatus.Unknown && lane.Since == null);
        Lane(LaneName.Redis).Reason.Should().Be("The alert rules have not been evaluated within the last minute.");
    }

    [Fact]
    public void Where_nothing_ran_it_is_idle_and_says_so()
    {
        Pass(1);

        _front.GetLanes().Should().OnlyContain(static lane => lane.Status == MonitoringStatus.Idle);
        Lane(LaneName.Redis).Reason.Should().Be("Nothing was asked of Redis in the last five minutes.");
        Lane(LaneName.Queue).Reason.Should().Be("No background task was queued or run in the last five minutes.");
    }

    [Fact]
    public void What_ran_without_an_alert_is_healthy_and_idle_again_five_minutes_later()
    {
        _front.RecordRedisOperation(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(1), default));
        _front.RecordWebhookTiming(new WebhookTimingBreakdown { Endpoint = "github", Total = TimeSpan.FromMilliseconds(3) });
        Pass(1);

        Status().Should().Equal(MonitoringStatus.Healthy, MonitoringStatus.Healthy, MonitoringStatus.Idle, MonitoringStatus.Idle);
        Lane(LaneName.Redis).Reason.Should().Be("No alert about Redis is active.");

        Pass(7 * 60);
        Status().Should().AllBeEquivalentTo(MonitoringStatus.Idle);
    }

    [Fact]
    public void An_open_circuit_makes_redis_critical_at_once_and_says_what_it_means()
    {
        Pass(10);
        var opened = _clock.GetUtcNow();
        _front.CircuitBreakers.GetOrAdd("redis", static _ => true).Isolate("drill");

        var lane = Lane(LaneName.Redis);

        lane.Status.Should().Be(MonitoringStatus.Critical);
        lane.Reason.Should().Be("Circuit redis was isolated by hand: calls fail at once.");
        lane.Since.Should().Be(opened);

        Pass(5);
        Lane(LaneName.Redis).Reason.Should().Be(lane.Reason, "the alert that has fired meanwhile says the same");
        Lane(LaneName.Redis).Since.Should().Be(opened);
        Lane(LaneName.System).Status.Should().Be(MonitoringStatus.Idle);
    }

    [Fact]
    public void A_circuit_that_opened_by_itself_says_so()
    {
        var circuit = _front.CircuitBreakers.GetOrAdd("redis", static _ => true);
        for (var i = 0; i < 200 && circuit.State == CircuitState.Closed; i++)
        {
            circuit.ReportFailure(new TimeoutException());
        }

        Pass(2);
        Lane(LaneName.Redis).Reason.Should().StartWith("Circuit redis is open: calls fail at once.");
    }

    [Fact]
    public void A_circuit_of_something_else_is_with_the_system()
    {
        _front.CircuitBreakers.GetOrAdd("payments", static _ => true, dependency: "payments").Isolate();
        Pass(5);

        Lane(LaneName.Redis).Status.Should().Be(MonitoringStatus.Idle);
        Lane(LaneName.System).Status.Should().Be(MonitoringStatus.Critical);
        Lane(LaneName.System).Reason.Should().Contain("payments");
    }

    [Fact]
    public void The_worst_alert_decides_and_the_others_are_counted()
    {
        Fail(90, milliseconds: 150);

        var alerts = _front.GetActiveAlerts();
        var lane = Lane(LaneName.Redis);

        alerts.Select(static alert => (alert.Severity, alert.State)).Should().Equal((AlertSeverity.Critical, AlertState.Firing), (AlertSeverity.Warning, AlertState.Firing));
        (lane.Status, lane.Since).Should().Be((MonitoringStatus.Critical, alerts[0].StartedAt));
        lane.Reason.Should().Be($"{alerts[0].Message.TrimEnd('.')}. 1 more alert is active.");
        Status().Where(static status => status == MonitoringStatus.Critical).Should().ContainSingle();
    }

    [Fact]
    public void Of_equally_bad_alerts_the_one_about_everything_is_told_and_one_that_is_over_says_so()
    {
        Fail(90, milliseconds: 900);
        var alerts = _front.GetActiveAlerts();
        alerts.Should().HaveCount(2).And.OnlyContain(static alert => alert.Severity == AlertSeverity.Critical);
        Lane(LaneName.Redis).Reason.Should().Be($"{alerts.Single(static alert => alert.Instance is null).Message.TrimEnd('.')}. 1 more alert is active.");
        Lane(LaneName.Redis).Since.Should().Be(alerts.Min(static alert => alert.StartedAt));

        for (var second = 0; second < 120 && _front.GetActiveAlerts().Any(static alert => alert.State == AlertState.Firing); second++)
        {
            _front.RecordRedisOperation(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(1), default));
            Pass(1);
        }

        _front.GetActiveAlerts().Should().NotBeEmpty().And.OnlyContain(static alert => alert.State == AlertState.Recovering);
        Lane(LaneName.Redis).Reason.Should().Contain(". It is over if that lasts.");
        Lane(LaneName.Redis).Status.Should().Be(MonitoringStatus.Critical);
    }

    [Fact]
    public void What_was_resolved_by_hand_but_is_not_over_is_told_until_it_is()
    {
        Fail(90, milliseconds: 900);
        var alerts = _front.GetActiveAlerts();
        foreach (var alert in alerts)
        {
            _front.ResolveAlert(alert.Key).Should().BeTrue();
        }

        Fail(1, milliseconds: 900);
        var oldest = alerts.OrderBy(static alert => alert.StartedAt).ThenBy(static alert => alert.Key, StringComparer.Ordinal).First();
        var told = $"Resolved by hand, but not over: {oldest.Message.TrimEnd('.')}; and 1 more.";
        _front.Alerts.GetHeld().Select(static alert => alert.Key).Should().BeEquivalentTo(alerts.Select(static alert => alert.Key));
        Lane(LaneName.Redis).Status.Should().Be(MonitoringStatus.Healthy);
        Lane(LaneName.Redis).Reason.Should().Be($"No alert about Redis is active. {told}");
        Lane(LaneName.Queue).Reason.Should().NotContain("by hand");
        var summary = _front.GetPerformanceSummary();
        summary.Reason.Should().EndWith(told);

        for (var second = 0; second < 120 && _front.Alerts.GetHeld().Count > 0; second++)
        {
            _front.RecordRedisOperation(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(1), default));
            Pass(1);
        }

        Lane(LaneName.Redis).Reason.Should().Be("No alert about Redis is active.");
        _front.GetActiveAlerts().Should().BeEmpty();
    }

    [Fact]
    public void An_alert_that_is_kept_quiet_counts_all_the_same()
    {
        _front.CircuitBreakers.GetOrAdd("payments", static _ => true, dependency: "payments").Isolate();
        _front.Alerts.Silences.Add(new Silence
        {
            Matchers = [new LabelMatcher("category", "circuitBreaker")],
            StartsAt = _clock.GetUtcNow(),
            EndsAt = _clock.GetUtcNow().AddHours(1),
            Author = "Ann",
            Reason = "moving",
        });
        Pass(5);

        _front.GetActiveAlerts().Should().ContainSingle().Which.Suppression.Should().NotBeNull();
        Lane(LaneName.System).Status.Should().Be(MonitoringStatus.Critical);
    }

    [Fact]
    public void Each_lane_has_the_limits_in_effect()
    {
        _monitor.Reload(new MonitoringOptions { Alerts = { Thresholds = { RedisLatencyWarning = TimeSpan.FromMilliseconds(20), RedisLatencyCritical = TimeSpan.FromMilliseconds(70) } } });

        Limits(LaneName.Webhooks).Should().Be((MetricNames.WebhookResponseTime, "ms", 1000, 3000));
        Limits(LaneName.Redis).Should().Be(("redis-latency", "ms", 20, 70));
        Limits(LaneName.Queue).Should().Be((MetricNames.TaskQueueDepth, "", 500, 800));
        Limits(LaneName.System).Should().Be((MetricNames.CpuUsage, "%", 80, 95));

        _front.RecordTaskQueueMetrics(new() { Queue = "mail", Depth = 1, Capacity = 100 });
        Limits(LaneName.Queue).Should().Be((MetricNames.TaskQueueDepth, "", 50, 80));

        (string, string, double?, double?) Limits(LaneName name) => Lane(name) is var lane ? (lane.Metric, lane.Unit, lane.Target, lane.Critical) : default;
    }

    private Lane Lane(LaneName name) => _front.GetLanes().Single(lane => lane.Name == name);

    private IEnumerable<MonitoringStatus> Status() => _front.GetLanes().Select(static lane => lane.Status);

    private void Pass(int seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    // Half of ten operations a second.
    private void Fail(int seconds, int milliseconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            for (var i = 0; i < 10; i++)
            {
                _front.RecordRedisOperation(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(milliseconds), i < 5 ? RedisFailureKind.Timeout : default));
            }

            Pass(1);
        }
    }
}
