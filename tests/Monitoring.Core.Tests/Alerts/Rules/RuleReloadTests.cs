using Monitoring.Alerts;
using Monitoring.Alerts.Rules;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.Alerts.Rules;

public sealed class RuleReloadTests
{
    [Fact]
    public void Rules_change_between_two_evaluations()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "load", Metric = "load", Warning = 100 });
        stage.Set("load", 50);
        stage.Run();
        stage.Only.Confirmed.Should().Be(AlertLevel.None);

        stage.Reload(new AlertRuleOptions { Name = "load", Metric = "load", Warning = 40 }, new AlertRuleOptions { Name = "more", Metric = "load", Critical = 50 });
        stage.Run();
        stage.Found.Select(found => (found.Rule.Name, found.Confirmed)).Should().BeEquivalentTo(new[] { ("load", AlertLevel.Warning), ("more", AlertLevel.Critical) });

        stage.Reload();
        stage.Run();
        stage.Found.Should().BeEmpty();
        stage.Engine.Find("load").Should().BeNull();
        stage.Engine.IsUnknown(new AlertSeries("load", null)).Should().BeFalse();
    }

    [Fact]
    public void The_history_of_what_is_read_survives()
    {
        AlertRuleOptions Growth(double warning) => new() { Name = "growth", Kind = "rate", Metric = "backlog", Window = TimeSpan.FromSeconds(30), Warning = warning };
        using var stage = new RuleStage(Growth(1));
        var backlog = 0.0;
        stage.Run(31, () => stage.Set("backlog", backlog += 2));
        stage.Only.Confirmed.Should().Be(AlertLevel.Warning);

        stage.Reload(Growth(3));
        stage.Run(1, () => stage.Set("backlog", backlog += 2));
        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.None, Reading = new { Value = 2.0 } }, "the half minute is still known");
    }

    [Fact]
    public void An_absence_goes_on()
    {
        AlertRuleOptions Silence(double critical) => new() { Name = "silence", Kind = "absence", Metric = "heartbeat", Critical = critical };
        using var stage = new RuleStage(Silence(60));
        stage.Set("heartbeat", 1, "a");
        stage.Run(1);
        stage.Source.Clear();
        stage.Run(40);
        stage.Reload(Silence(30));
        stage.Run(1);

        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.Critical, Reading = new { Value = 41.0, Instance = "a" } });
    }

    [Fact]
    public void A_burn_rate_goes_on()
    {
        AlertRuleOptions Budget(double objective) => new() { Name = "redis", Kind = "burn-rate", Metric = MetricNames.RedisFailureRate, Objective = objective };
        using var stage = new RuleStage(Budget(99));
        stage.Set(MetricNames.RedisFailureRate, 50, count: 500);
        stage.Run(301);
        stage.Only.Confirmed.Should().Be(AlertLevel.Critical);

        stage.Reload(Budget(98));
        stage.Run(1);
        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.Critical, Reading = new { Value = 25.0 } });
    }

    [Fact]
    public void Windows_counts_hysteresis_and_thresholds_are_taken_over()
    {
        using var stage = new RuleStage();
        stage.Source.Set(new MetricReading(MetricNames.RedisOperationLatency, 120, "GET", 100));
        stage.Run(61);
        var options = RuleStage.With();
        (options.Window, options.RecoveryWindow, options.MinimumCount, options.HysteresisPercent, options.For) = (TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(20), 101, 50, TimeSpan.FromSeconds(7));
        options.Thresholds.RedisLatencyCritical = TimeSpan.FromMilliseconds(110);
        stage.Source.Windows.Clear();
        stage.Engine.Reload(options);
        var observations = new List<Monitoring.Alerts.Rules.Observation>();
        stage.Engine.Evaluate(observations);

        stage.Source.Windows.Should().Equal([TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(2), BurnRateRun.Sample], "the objective's burn rate has samples of its own");
        var found = observations.Should().ContainSingle().Subject;
        found.Should().BeEquivalentTo(new { Confirmed = AlertLevel.None, Held = AlertLevel.Critical, IsBreaching = true });
        found.Rule.For.Should().Be(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void A_default_rule_is_changed_by_its_name()
    {
        var change = new AlertRuleOptions
        {
            Name = MetricNames.RedisOperationLatency,
            Warning = 50,
            For = TimeSpan.FromMinutes(1),
            Labels = { ["team"] = "cache" },
            Runbook = "https://runbooks.example/redis",
            Message = "{rule} {instance}: {value}, {severity} from {threshold}",
        };
        using var stage = new RuleStage(change, new AlertRuleOptions { Name = MetricNames.CircuitState, Enabled = false });
        stage.Source.Set(new MetricReading(MetricNames.RedisOperationLatency, 60, "GET", 100));
        stage.Source.Set(new MetricReading(MetricNames.CircuitState, 2, "redis"));
        var observations = new List<Monitoring.Alerts.Rules.Observation>();
        stage.Engine.Evaluate(observations);

        var found = observations.Should().ContainSingle("the circuit's rule is switched off").Subject;
        found.Confirmed.Should().Be(AlertLevel.Warning);
        found.Rule.Thresholds(found.Reading).Should().BeEquivalentTo(new { Warning = 50.0, Critical = 500.0 });
        found.Rule.Message(found.Reading, AlertLevel.Warning).Should().Be("redis-operation-latency GET: 60 ms, warning from 50 ms");
        stage.Status(MetricNames.RedisOperationLatency).Should().BeEquivalentTo(new
        {
            Origin = "default",
            Condition = "redis-operation-latency at or above 50 ms (warning), at or above 500 ms (critical).",
            Runbook = "https://runbooks.example/redis",
            Series = 1,
        });
        stage.Status(MetricNames.CircuitState).Should().BeEquivalentTo(new { IsEnabled = false, EvaluatedAt = (DateTimeOffset?)null });
    }

    [Fact]
    public void A_series_that_is_gone_is_forgotten_and_one_whose_source_fails_is_not()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "load", Metric = "load", Warning = 100 });
        stage.Set("load", 500, "a");
        stage.Run();
        stage.Source.Clear();
        stage.Set("load", 500, "b");
        stage.Run();
        stage.Engine.IsUnknown(new AlertSeries("load", "a")).Should().BeFalse();

        stage.Source.Failure = new InvalidOperationException("broken");
        stage.Run(5);
        stage.Engine.IsUnknown(new AlertSeries("load", "b")).Should().BeTrue();
        stage.Reload(new AlertRuleOptions { Name = "load", Metric = "load", Warning = 200 });
        stage.Run();
        stage.Engine.IsUnknown(new AlertSeries("load", "b")).Should().BeTrue("a reload does not make it known");
    }

    [Fact]
    public void A_source_that_fails_from_the_start_might_have_said_anything()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "load", Metric = "load", Warning = 100 });
        stage.Source.Failure = new InvalidOperationException("broken");
        stage.Run();
        stage.Engine.IsUnknown(new AlertSeries("load", "a")).Should().BeTrue("an alert of before a restart must not be resolved by it");

        stage.Source.Failure = null;
        stage.Run();
        stage.Engine.IsUnknown(new AlertSeries("load", "a")).Should().BeFalse();
    }

    [Fact]
    public void A_metric_that_nobody_gives_is_said_with_the_known_ones()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "typo", Metric = "redis-latency", Warning = 100 });
        stage.Run();

        stage.Status("typo").Error.Should().StartWith("No source has given 'redis-latency' yet; the monitor itself knows webhook-response-time, redis-operation-latency,");
    }
}
