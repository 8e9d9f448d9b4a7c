using Monitoring.Alerts;
using Monitoring.Redis;
using Monitoring.Services;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests;

public sealed class RecentChangeTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly PerformanceMonitor _monitor;
    private readonly IPerformanceMonitor _front;

    public RecentChangeTests()
    {
        _monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { Enabled = false } }, _clock);
        _front = _monitor;
    }

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void A_start_is_told_for_as_long_as_the_window_is()
    {
        Pass(60);
        Changes().Should().ContainSingle().Which.Should().Be(
            new RecentChange(_monitor.StartedAt, RecentChangeKind.Started, null, "monitor", "The service started to be monitored."));

        Pass(300);
        Changes().Should().BeEmpty();
        _front.GetRecentChanges(TimeSpan.FromMinutes(7)).Should().ContainSingle();
    }

    [Fact]
    public void What_happened_to_a_circuit_its_alert_and_by_whom_is_told_the_newest_first()
    {
        Pass(400);
        var circuit = _front.CircuitBreakers.GetOrAdd("redis", static _ => true);
        circuit.Isolate("maintenance");
        _front.Audit.Add("circuit.isolate", "redis", "Ann", "maintenance");
        Pass(10);
        var key = _front.GetActiveAlerts().Should().ContainSingle().Subject.Key;
        _front.Alerts.Acknowledge(key, "on it", "Bob");
        Pass(5);
        _front.ResolveAlert(key, "done", "Bob");
        Pass(5);
        circuit.Close();

        var changes = Changes();

        changes.Select(static change => change.At).Should().BeInDescendingOrder();
        changes.Select(static change => change.Text).Should().BeEquivalentTo(
            "Circuit redis closed: calls go through again (closed by hand).",
            "Alert resolved by Bob: circuit state of redis: done",
            $"Bob acknowledged the alert {key}: on it",
            "Alert fired: circuit state of redis.",
            "Ann isolated the circuit redis: maintenance",
            "Circuit redis was isolated: calls fail at once (isolated by hand: maintenance).");
        changes.Where(static change => change.AlertKey is not null).Should().HaveCount(3).And.OnlyContain(change => change.AlertKey == key);
        changes.Single(static change => change.Text.StartsWith("Alert fired", StringComparison.Ordinal)).Severity.Should().Be(AlertSeverity.Critical);
        changes.Single(static change => change.Text.StartsWith("Alert resolved", StringComparison.Ordinal)).Severity.Should().BeNull("it is well again");
        changes.Single(static change => change.Text.Contains("was isolated:", StringComparison.Ordinal)).Should().Match<RecentChange>(
            static change => change.Kind == RecentChangeKind.Circuit && change.Severity == AlertSeverity.Critical && change.Subject == "redis");
    }

    [Fact]
    public void An_alert_that_gets_worse_is_told_with_its_value()
    {
        for (var second = 0; second < 120; second++)
        {
            for (var i = 0; i < 20; i++)
            {
                _front.RecordRedisOperation(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(1), i < (second < 50 ? 1 : 19) ? RedisFailureKind.Timeout : default));
            }

            Pass(1);
        }

        var texts = Changes().Where(static change => change.Kind == RecentChangeKind.Alert).Select(static change => change.Text).ToList();

        texts.Should().ContainMatch("Alert fired: redis failure rate, 5 %.").And.ContainMatch("Alert became critical: redis failure rate, *%.");
    }

    [Fact]
    public void Events_of_a_redis_connection_are_told()
    {
        Pass(400);
        var at = _clock.GetUtcNow();
        using var registration = _front.Redis.AddConnection(() => new RedisConnectionStatus
        {
            Name = "redis",
            Events =
            [
                new(at.AddSeconds(-1), RedisConnectionEventKind.Restored, "redis:6379", "Interactive", null),
                new(at.AddSeconds(-5), RedisConnectionEventKind.Failed, "redis:6379", "Interactive", "SocketClosed"),
                new(at.AddHours(-1), RedisConnectionEventKind.Failed, "redis:6379", "Interactive", "SocketClosed"),
            ],
        });

        Changes().Should().Equal(
            new RecentChange(at.AddSeconds(-1), RecentChangeKind.Connection, null, "redis", "Redis connection redis is connected to redis:6379 again (interactive)."),
            new RecentChange(at.AddSeconds(-5), RecentChangeKind.Connection, AlertSeverity.Warning, "redis", "Redis connection redis lost its connection to redis:6379 (interactive) (SocketClosed)."));
    }

    [Fact]
    public void A_service_that_fails_is_told_with_the_reason()
    {
        // A probe that answers at once does so on the thread that moves the clock.
        var healthy = true;
        _front.Services.Add("orders", _ => new(healthy ? ServiceProbeResult.Healthy : ServiceProbeResult.Critical("connection refused")));
        Pass(60);
        healthy = false;
        Pass(200);

        var change = Changes().First(static change => change.Kind == RecentChangeKind.Service && change.Severity == AlertSeverity.Critical);

        change.Subject.Should().Be("orders");
        change.Text.Should().StartWith("Service orders became critical (").And.Contain("connection refused");
    }

    [Theory]
    [InlineData(1.2, 480, "95th percentile of Redis rose from 1.2 ms to 480 ms.")]
    [InlineData(480, 1.2, "95th percentile of Redis fell from 480 ms to 1.2 ms.")]
    public void A_figure_that_moved_far_is_told_since_when(double before, double after, string text)
    {
        Redis(before, seconds: 240);
        var moved = _clock.GetUtcNow();
        Redis(after, seconds: 60);

        var change = Changes().Where(static change => change.Kind == RecentChangeKind.Figure).Should().ContainSingle().Subject;

        (change.Subject, change.Severity).Should().Be(("redis-latency", null));
        change.Text.Should().Be(text);
        change.At.Should().BeCloseTo(moved, TimeSpan.FromSeconds(15));
        Redis(after, seconds: 100);
        Changes().Single(static change => change.Kind == RecentChangeKind.Figure).Should().Be(change, "it is as old as it is");
    }

    [Theory]
    [InlineData(200, 300)]
    [InlineData(0.1, 3)]
    public void A_figure_that_did_not_double_or_is_small_is_none(double before, double after)
    {
        Redis(before, seconds: 240);
        Redis(after, seconds: 60);

        Changes().Should().NotContain(static change => change.Kind == RecentChangeKind.Figure);
    }

    [Fact]
    public void A_figure_that_has_hardly_been_known_before_is_none()
    {
        Redis(1, seconds: 20);
        Redis(480, seconds: 40);

        Changes().Should().NotContain(static change => change.Kind == RecentChangeKind.Figure && change.Subject == "redis-latency");
    }

    [Fact]
    public void A_hundred_changes_are_told_at_most()
    {
        for (var i = 0; i < 150; i++)
        {
            _front.Audit.Add("config.change", $"key-{i}", "Ann");
        }

        Changes().Should().HaveCount(100).And.OnlyContain(static change => change.Kind == RecentChangeKind.Person || change.Kind == RecentChangeKind.Started);
    }

    private IReadOnlyList<RecentChange> Changes() => _front.GetRecentChanges();

    private void Pass(int seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    private void Redis(double milliseconds, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            for (var i = 0; i < 5; i++)
            {
                _front.RecordRedisOperation(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(milliseconds), default));
            }

            Pass(1);
        }
    }
}
