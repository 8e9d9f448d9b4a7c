using Monitoring.Alerts;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.Alerts;

public sealed class DefaultAlertRulesTests
{
    [Theory]
    [InlineData(MetricNames.WebhookResponseTime, 999, null)]
    [InlineData(MetricNames.WebhookResponseTime, 1000, AlertSeverity.Warning)]
    [InlineData(MetricNames.WebhookResponseTime, 3000, AlertSeverity.Critical)]
    [InlineData(MetricNames.RequestLatency, 999, null)]
    [InlineData(MetricNames.RequestLatency, 1000, AlertSeverity.Warning)]
    [InlineData(MetricNames.RequestLatency, 3000, AlertSeverity.Critical)]
    [InlineData(MetricNames.RequestErrorRate, 4.9, null)]
    [InlineData(MetricNames.RequestErrorRate, 5, AlertSeverity.Warning)]
    [InlineData(MetricNames.RequestErrorRate, 10, AlertSeverity.Critical)]
    [InlineData(MetricNames.RedisOperationLatency, 99, null)]
    [InlineData(MetricNames.RedisOperationLatency, 100, AlertSeverity.Warning)]
    [InlineData(MetricNames.RedisOperationLatency, 500, AlertSeverity.Critical)]
    [InlineData(MetricNames.RedisFailureRate, 4.9, null)]
    [InlineData(MetricNames.RedisFailureRate, 5, AlertSeverity.Warning)]
    [InlineData(MetricNames.RedisFailureRate, 10, AlertSeverity.Critical)]
    [InlineData(MetricNames.RedisMemory, 84.9, null)]
    [InlineData(MetricNames.RedisMemory, 85, AlertSeverity.Warning)]
    [InlineData(MetricNames.RedisMemory, 95, AlertSeverity.Critical)]
    [InlineData(MetricNames.RedisEvictions, 0.9, null)]
    [InlineData(MetricNames.RedisEvictions, 1, AlertSeverity.Warning)]
    [InlineData(MetricNames.RedisEvictions, 100, AlertSeverity.Critical)]
    [InlineData(MetricNames.RedisRejectedConnections, 0, null)]
    [InlineData(MetricNames.RedisRejectedConnections, 1, AlertSeverity.Critical)]
    [InlineData(MetricNames.RedisReplicationLag, 9_999, null)]
    [InlineData(MetricNames.RedisReplicationLag, 10_000, AlertSeverity.Warning)]
    [InlineData(MetricNames.RedisReplicationLag, 60_000, AlertSeverity.Critical)]
    [InlineData(MetricNames.TaskQueueDepth, 499, null)]
    [InlineData(MetricNames.TaskQueueDepth, 500, AlertSeverity.Warning)]
    [InlineData(MetricNames.TaskQueueDepth, 800, AlertSeverity.Critical)]
    [InlineData(MetricNames.TaskQueueOldestAge, 59_999, null)]
    [InlineData(MetricNames.TaskQueueOldestAge, 60_000, AlertSeverity.Warning)]
    [InlineData(MetricNames.TaskQueueOldestAge, 300_000, AlertSeverity.Critical)]
    [InlineData(MetricNames.WorkerUtilization, 79, null)]
    [InlineData(MetricNames.WorkerUtilization, 80, AlertSeverity.Warning)]
    [InlineData(MetricNames.WorkerUtilization, 95, AlertSeverity.Critical)]
    [InlineData(MetricNames.TaskProcessingTime, 4999, null)]
    [InlineData(MetricNames.TaskProcessingTime, 5000, AlertSeverity.Warning)]
    [InlineData(MetricNames.TaskProcessingTime, 500_000, AlertSeverity.Warning)]
    [InlineData(MetricNames.CircuitState, 0, null)]
    [InlineData(MetricNames.CircuitState, 1, null)]
    [InlineData(MetricNames.CircuitState, 2, AlertSeverity.Critical)]
    [InlineData(MetricNames.Backpressure, 0, null)]
    [InlineData(MetricNames.Backpressure, 1, AlertSeverity.Warning)]
    [InlineData(MetricNames.Backpressure, 2, AlertSeverity.Critical)]
    [InlineData(MetricNames.CpuUsage, 79.9, null)]
    [InlineData(MetricNames.CpuUsage, 80, AlertSeverity.Warning)]
    [InlineData(MetricNames.CpuUsage, 95, AlertSeverity.Critical)]
    [InlineData(MetricNames.MemoryUsage, 84.9, null)]
    [InlineData(MetricNames.MemoryUsage, 85, AlertSeverity.Warning)]
    [InlineData(MetricNames.MemoryUsage, 95, AlertSeverity.Critical)]
    [InlineData(MetricNames.DiskUsage, 89.9, null)]
    [InlineData(MetricNames.DiskUsage, 90, AlertSeverity.Warning)]
    [InlineData(MetricNames.DiskUsage, 95, AlertSeverity.Critical)]
    [InlineData(MetricNames.ServiceHealth, 0, null)]
    [InlineData(MetricNames.ServiceHealth, 1, AlertSeverity.Warning)]
    [InlineData(MetricNames.ServiceHealth, 2, AlertSeverity.Critical)]
    public void Judges_a_value(string metric, double value, AlertSeverity? expected)
    {
        using var stage = new AlertStage();
        stage.Source.Set(new MetricReading(metric, value, Count: 20));

        stage.Run(seconds: 1);

        stage.Alerts.GetActive().Select(alert => (AlertSeverity?)alert.Severity).SingleOrDefault().Should().Be(expected);
    }

    [Theory]
    [InlineData(100, 49, null)]
    [InlineData(100, 50, AlertSeverity.Warning)]
    [InlineData(100, 80, AlertSeverity.Critical)]
    [InlineData(10_000, 500, AlertSeverity.Warning)]
    [InlineData(10_000, 800, AlertSeverity.Critical)]
    [InlineData(0, 0, null)]
    public void Judges_depth_by_tasks_or_by_capacity_whichever_is_lower(double capacity, double depth, AlertSeverity? expected)
    {
        using var stage = new AlertStage();
        stage.Source.Set(new MetricReading(MetricNames.TaskQueueDepth, depth) { Limit = capacity });

        stage.Run(seconds: 1);

        stage.Alerts.GetActive().Select(alert => (AlertSeverity?)alert.Severity).SingleOrDefault().Should().Be(expected);
    }

    [Fact]
    public void Says_nothing_of_a_failure_rate_of_a_few_operations()
    {
        using var stage = new AlertStage();
        stage.Source.Set(new MetricReading(MetricNames.RedisFailureRate, 100, Count: 19));
        stage.Run(seconds: 3);
        stage.Alerts.GetActive().Should().BeEmpty();

        stage.Source.Set(new MetricReading(MetricNames.RedisFailureRate, 100, Count: 4), new MetricReading(MetricNames.RedisFailureRate, 50, Count: 20));
        stage.Run(seconds: 1);
        stage.Only.Severity.Should().Be(AlertSeverity.Critical, "twenty within the minute are enough");
    }

    [Theory]
    [InlineData(29, 100, null)]
    [InlineData(30, 100, AlertSeverity.Warning)]
    [InlineData(50, 100, AlertSeverity.Critical)]
    [InlineData(100, 99, null)]
    public void Judges_a_hit_rate_by_its_misses_once_there_are_a_hundred_lookups(double misses, long lookups, AlertSeverity? expected)
    {
        using var stage = new AlertStage();
        stage.Source.Set(new MetricReading(MetricNames.RedisMissRate, misses, "10.0.0.1:6379", lookups));

        stage.Run(seconds: 3);

        stage.Alerts.GetActive().Select(alert => (AlertSeverity?)alert.Severity).SingleOrDefault().Should().Be(expected);
    }

    [Fact]
    public void A_hit_rate_of_zero_is_a_threshold_that_is_never_reached()
    {
        using var stage = new AlertStage(static options => (options.Thresholds.RedisHitRateWarningPercent, options.Thresholds.RedisHitRateCriticalPercent) = (0, 0));
        stage.Source.Set(new MetricReading(MetricNames.RedisMissRate, 100, "10.0.0.1:6379", 1000));

        stage.Run(seconds: 3);

        stage.Alerts.GetActive().Should().BeEmpty();
    }

    [Fact]
    public void Backpressure_says_why()
    {
        using var stage = new AlertStage();
        stage.Source.Set(new MetricReading(MetricNames.Backpressure, 2, "mail") { Text = "3 tasks wait and there is no worker." });

        stage.Run(seconds: 1);

        stage.Only.Message.Should().Be("Queue mail: backpressure is severe: 3 tasks wait and there is no worker.");
    }

    [Fact]
    public void Judges_a_state_without_asking_for_the_long_window()
    {
        using var stage = new AlertStage();
        stage.Source.Set(new MetricReading(MetricNames.CircuitState, 2, "redis"), new MetricReading(MetricNames.CircuitState, 0, "redis"));

        stage.Run(seconds: 1);

        stage.Only.Key.Should().Be("circuit-state.redis");
    }

    [Fact]
    public void A_half_open_circuit_keeps_its_alert_until_it_is_closed()
    {
        using var stage = new AlertStage();
        stage.Source.Set(new MetricReading(MetricNames.CircuitState, 2, "redis"));
        stage.Run(seconds: 1);
        stage.Source.Set(new MetricReading(MetricNames.CircuitState, 1, "redis"));
        stage.Run(seconds: 60);
        stage.Only.Should().BeEquivalentTo(new { Severity = AlertSeverity.Critical, Message = "Circuit redis is half-open and probes." });

        stage.Source.Set(new MetricReading(MetricNames.CircuitState, 0, "redis"));
        stage.Run(seconds: 6);
        stage.Alerts.GetActive().Should().BeEmpty();
    }

    [Fact]
    public void Does_not_claim_a_breach_that_is_over()
    {
        using var stage = new AlertStage();
        stage.Source.Set(new MetricReading(MetricNames.RedisOperationLatency, 200, "GET", Count: 20));
        stage.Run(seconds: 1);
        stage.Source.Set(new MetricReading(MetricNames.RedisOperationLatency, 12, "GET", Count: 20));
        stage.Run(seconds: 2);

        stage.Only.Message.Should().Be("Redis GET: 95th percentile of latency is 12 ms, back below the warning threshold of 100 ms.");
    }

    [Theory]
    [InlineData(MetricNames.WebhookResponseTime, 3400, "github", "Webhook github: 95th percentile of response time is 3.4 s; the critical threshold is 3 s.")]
    [InlineData(MetricNames.RedisFailureRate, 12.34, null, "Redis: 12.34 % of the operations failed; the critical threshold is 10 %.")]
    [InlineData(MetricNames.TaskQueueDepth, 850, null, "Queue: 850 tasks are waiting where 1000 tasks fit; the critical threshold is 800 tasks.")]
    [InlineData(MetricNames.WorkerUtilization, 90, null, "Queue: workers are busy 90 % of the time; the warning threshold is 80 %.")]
    [InlineData(MetricNames.TaskProcessingTime, 6000, null, "Task: 95th percentile of processing time is 6 s; the warning threshold is 5 s.")]
    [InlineData(MetricNames.RedisMemory, 91.26, "10.0.0.1:6379", "Redis server 10.0.0.1:6379: 91.26 % of maxmemory is used; the warning threshold is 85 %.")]
    [InlineData(MetricNames.RedisEvictions, 2.5, "10.0.0.1:6379", "Redis server 10.0.0.1:6379: 2.5 keys/s are evicted for lack of memory; the warning threshold is 1 keys/s.")]
    [InlineData(MetricNames.RedisRejectedConnections, 3, "10.0.0.1:6379", "Redis server 10.0.0.1:6379: 3 connections were rejected since the last poll (maxclients).")]
    [InlineData(MetricNames.RedisReplicationLag, 75_000, "10.0.0.1:6379", "Redis server 10.0.0.1:6379: replication has been silent for 75 s; the critical threshold is 60 s.")]
    [InlineData(MetricNames.CircuitState, 2, "redis", "Circuit redis is open and rejects calls.")]
    [InlineData(MetricNames.Backpressure, 2, null, "Queue: backpressure is severe.")]
    [InlineData(MetricNames.RedisOperationLatency, 200, "EVIL\r\nfake line", "Redis EVIL  fake line: 95th percentile of latency is 200 ms; the warning threshold is 100 ms.")]
    public void Says_it_in_a_sentence(string metric, double value, string? instance, string message)
    {
        using var stage = new AlertStage();
        stage.Source.Set(new MetricReading(metric, value, instance, Count: 20) { Limit = metric == MetricNames.TaskQueueDepth ? 1000 : null });

        stage.Run(seconds: 1);

        stage.Only.Message.Should().Be(message);
    }
}
