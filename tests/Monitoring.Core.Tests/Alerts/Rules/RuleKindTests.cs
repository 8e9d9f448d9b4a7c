using Monitoring.Alerts;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.Alerts.Rules;

public sealed class RuleKindTests
{
    [Fact]
    public void A_threshold_above_has_its_hysteresis_below_it()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "load", Metric = "load", Warning = 100, Critical = 200 });

        Levels(stage, "load", 99, 100, 90, 89, 200, 180, 179).Should().Equal(
            (AlertLevel.None, AlertLevel.Warning),
            (AlertLevel.Warning, AlertLevel.Warning),
            (AlertLevel.None, AlertLevel.Warning),
            (AlertLevel.None, AlertLevel.None),
            (AlertLevel.Critical, AlertLevel.Critical),
            (AlertLevel.Warning, AlertLevel.Critical),
            (AlertLevel.Warning, AlertLevel.Warning));
    }

    [Fact]
    public void A_threshold_below_has_its_hysteresis_above_it()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "stock", Metric = "stock", Comparison = "below", Warning = 100, Critical = 50 });

        Levels(stage, "stock", 111, 110, 101, 100, 56, 55, 50).Should().Equal(
            (AlertLevel.None, AlertLevel.None),
            (AlertLevel.None, AlertLevel.Warning),
            (AlertLevel.None, AlertLevel.Warning),
            (AlertLevel.Warning, AlertLevel.Warning),
            (AlertLevel.Warning, AlertLevel.Warning),
            (AlertLevel.Warning, AlertLevel.Critical),
            (AlertLevel.Critical, AlertLevel.Critical));
        stage.Only.Rule.Message(stage.Only.Reading, AlertLevel.Critical).Should().Be("stock: stock is 50; the critical threshold is 50.");
    }

    [Fact]
    public void A_negative_threshold_has_its_hysteresis_on_the_side_of_what_is_well()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "balance", Metric = "balance", Comparison = "below", Warning = -100 });

        Levels(stage, "balance", -89, -90, -100).Should().Equal(
            (AlertLevel.None, AlertLevel.None), (AlertLevel.None, AlertLevel.Warning), (AlertLevel.Warning, AlertLevel.Warning));
    }

    [Fact]
    public void A_threshold_needs_both_windows_and_recovers_by_the_short_one()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "load", Metric = "load", Warning = 100, Window = TimeSpan.FromMinutes(5) });
        stage.Source.Set(new MetricReading("load", 200), new MetricReading("load", 90));
        stage.Run();
        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.None, Held = AlertLevel.Warning, IsBreaching = true });
        stage.Source.Windows.Should().Contain(TimeSpan.FromMinutes(5));

        stage.Source.Set(new MetricReading("load", 200), new MetricReading("load", 100));
        stage.Run();
        stage.Only.Confirmed.Should().Be(AlertLevel.Warning);

        stage.Source.Set(new MetricReading("load", 10), new MetricReading("load", 100));
        stage.Run();
        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.None, Held = AlertLevel.None });
    }

    [Fact]
    public void A_rule_may_watch_some_instances_only_and_ask_for_a_count()
    {
        var rule = new AlertRuleOptions { Name = "slow-get", Metric = MetricNames.RedisOperationLatency, Instances = { "GET" }, Warning = 20, MinimumCount = 5 };
        using var stage = new RuleStage(rule);
        stage.Set(MetricNames.RedisOperationLatency, 50, "SET", count: 5);
        stage.Set(MetricNames.RedisOperationLatency, 50, "GET", count: 4);
        stage.Run();
        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.None, Reading = new { Instance = "GET" } });

        stage.Set(MetricNames.RedisOperationLatency, 50, "GET", count: 5);
        stage.Run();
        stage.Only.Confirmed.Should().Be(AlertLevel.Warning);
        stage.Only.Rule.Message(stage.Only.Reading, AlertLevel.Warning).Should().Be("Redis GET: 95th percentile of latency is 50 ms; the warning threshold is 20 ms.");
        stage.Only.Rule.Category.Should().Be(AlertCategory.Redis);
    }

    [Fact]
    public void A_few_calls_are_no_percentile_during_the_first_minute()
    {
        using var stage = new AlertStage();
        stage.Source.Set(new MetricReading(MetricNames.RedisOperationLatency, 900, "GET", Count: 19));
        stage.Run(seconds: 59);
        stage.Alerts.GetActive().Should().BeEmpty("code is being compiled and connections are made");

        stage.Run(seconds: 1);
        stage.Only.Instance.Should().Be("GET", "a quiet service is watched too");
    }

    [Fact]
    public void Many_slow_calls_are_news_from_the_start()
    {
        using var stage = new AlertStage();
        stage.Source.Set(new MetricReading(MetricNames.RedisOperationLatency, 900, "GET", Count: 20));
        stage.Run(seconds: 1);

        stage.Only.Instance.Should().Be("GET");
    }

    [Fact]
    public void A_ratio_is_guarded_by_the_count_of_its_total()
    {
        var rule = new AlertRuleOptions { Name = "refunds", Kind = "ratio", Metric = "refunded", Total = "sold", Warning = 5, Critical = 20, MinimumCount = 50 };
        using var stage = new RuleStage(rule);
        stage.Set("refunded", 30);
        stage.Set("sold", 49);
        stage.Run();
        stage.Only.Confirmed.Should().Be(AlertLevel.None);

        stage.Set("sold", 300);
        stage.Run();
        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.Warning, Reading = new { Value = 10.0, Count = 300L } });
        stage.Only.Rule.Message(stage.Only.Reading, AlertLevel.Warning).Should().Be("refunds: refunded of sold is 10 %; the warning threshold is 5 %.");
    }

    [Fact]
    public void A_ratio_pairs_series_of_the_same_instance_and_takes_a_missing_part_for_none()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "refunds", Kind = "ratio", Metric = "refunded", Total = "sold", Warning = 5 });
        stage.Set("sold", 100, "eu");
        stage.Set("sold", 200, "us");
        stage.Set("sold", 0, "jp");
        stage.Set("refunded", 10, "eu");
        stage.Set("refunded", 10, "nowhere");
        stage.Run();

        stage.Found.Select(found => (found.Reading.Instance, found.Reading.Value, found.Confirmed)).Should().BeEquivalentTo(new[]
        {
            ("eu", 10.0, AlertLevel.Warning), ("us", 0.0, AlertLevel.None), ("jp", 0.0, AlertLevel.None),
        });
    }

    [Fact]
    public void A_ratio_whose_part_cannot_be_read_is_unknown_and_not_zero()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "refunds", Kind = "ratio", Metric = "refunded", Total = "sold", Warning = 5 });
        stage.OtherSource.Set(new MetricReading("sold", 100));
        stage.Set("refunded", 10);
        stage.Run();
        stage.Only.Confirmed.Should().Be(AlertLevel.Warning);

        stage.Source.Failure = new InvalidOperationException("broken");
        stage.Run();
        stage.Found.Should().BeEmpty();
        stage.Engine.IsUnknown(new AlertSeries("refunds", null)).Should().BeTrue();
        stage.Status("refunds").Error.Should().Be("Its source cannot be read: broken");
    }

    [Fact]
    public void Absence_says_how_long_a_series_that_was_seen_has_been_silent()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "no-heartbeat", Kind = "absence", Metric = "heartbeat", Warning = 30, Critical = 60 });
        stage.Set("heartbeat", 1, "a");
        stage.Set("heartbeat", 1, "b");
        stage.Run(5);
        stage.Found.Should().HaveCount(2).And.AllSatisfy(found => found.Reading.Value.Should().Be(0));

        stage.Source.Clear();
        stage.Set("heartbeat", 1, "b");
        stage.Run(29);
        stage.Found.Should().AllSatisfy(found => found.Confirmed.Should().Be(AlertLevel.None));
        stage.Run(1);
        stage.Found.Select(found => (found.Reading.Instance, found.Reading.Value, found.Confirmed)).Should().BeEquivalentTo(new[] { ("a", 30.0, AlertLevel.Warning), ("b", 0.0, AlertLevel.None) });
        var found = stage.Found.Single(found => found.Reading.Instance == "a");
        found.Rule.Message(found.Reading, AlertLevel.Warning).Should().Be("no-heartbeat a: heartbeat has given no data for 30 s; the warning threshold is 30 s.");
        stage.Run(30);
        stage.Found.Single(found => found.Reading.Instance == "a").Confirmed.Should().Be(AlertLevel.Critical);

        stage.Set("heartbeat", 1, "a");
        stage.Run(1);
        stage.Found.Should().AllSatisfy(found => found.Held.Should().Be(AlertLevel.None));
    }

    [Fact]
    public void Absence_watches_named_instances_from_the_start_and_the_metric_when_none_is_known()
    {
        using var stage = new RuleStage(
            new AlertRuleOptions { Name = "named", Kind = "absence", Metric = MetricNames.WebhookResponseTime, Instances = { "github" }, Critical = 10 },
            new AlertRuleOptions { Name = "any", Kind = "absence", Metric = "heartbeat", Critical = 10 });
        stage.Set(MetricNames.WebhookResponseTime, 0, "github", count: 0);
        stage.Run(10);

        stage.Found.Select(found => (found.Rule.Name, found.Reading.Instance, found.Confirmed)).Should().BeEquivalentTo(new[]
        {
            ("named", "github", AlertLevel.Critical), ("any", (string?)null, AlertLevel.Critical),
        });
    }

    [Fact]
    public void Absence_of_what_cannot_be_read_is_unknown_and_what_is_gone_for_long_is_forgotten()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "no-heartbeat", Kind = "absence", Metric = "heartbeat", Warning = 30 });
        stage.Set("heartbeat", 1, "a");
        stage.Run(1);
        stage.Source.Failure = new InvalidOperationException("broken");
        stage.Source.Clear();
        stage.Run(60);
        stage.Found.Should().BeEmpty();
        stage.Engine.IsUnknown(new AlertSeries("no-heartbeat", "a")).Should().BeTrue();

        stage.Source.Failure = null;
        stage.Run(1);
        stage.Only.Confirmed.Should().Be(AlertLevel.Warning);
        stage.Clock.Advance(TimeSpan.FromDays(1));
        stage.Run(1);
        stage.Found.Should().BeEmpty();
    }

    [Fact]
    public void A_rate_of_a_plain_value_is_its_change_over_the_window()
    {
        var rule = new AlertRuleOptions { Name = "growth", Kind = "rate", Metric = "backlog", Per = TimeSpan.FromMinutes(1), Window = TimeSpan.FromSeconds(20), Warning = 60 };
        using var stage = new RuleStage(rule);
        var backlog = 1000.0;
        stage.Run(20, () => stage.Set("backlog", backlog += 0.5));
        stage.Found.Should().BeEmpty("there is no value from before the window yet");

        stage.Run(1, () => stage.Set("backlog", backlog += 0.5));
        stage.Only.Should().BeEquivalentTo(new { Reading = new { Value = 30.0 }, Confirmed = AlertLevel.None });
        stage.Run(20, () => stage.Set("backlog", backlog += 1));
        stage.Only.Should().BeEquivalentTo(new { Reading = new { Value = 60.0 }, Confirmed = AlertLevel.Warning });
        stage.Run(20, () => stage.Set("backlog", backlog -= 1));
        stage.Only.Reading.Value.Should().Be(-60);
    }

    [Fact]
    public void A_rate_of_a_cumulative_value_survives_its_reset()
    {
        var rule = new AlertRuleOptions { Name = "errors", Kind = "rate", Metric = "errors-total", Cumulative = true, Window = TimeSpan.FromSeconds(10), Critical = 2 };
        using var stage = new RuleStage(rule);
        var total = 5000.0;
        stage.Run(12, () => stage.Set("errors-total", total += 2));
        stage.Only.Should().BeEquivalentTo(new { Reading = new { Value = 2.0 }, Confirmed = AlertLevel.Critical });

        total = 0;
        stage.Run(5, () => stage.Set("errors-total", total += 2));
        stage.Only.Reading.Value.Should().Be(2, "what a counter has after a restart has come since");
    }

    [Fact]
    public void A_series_that_was_away_for_the_window_begins_anew()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "errors", Kind = "rate", Metric = "errors-total", Cumulative = true, Window = TimeSpan.FromSeconds(10), Critical = 2 });
        stage.Set("errors-total", 100);
        stage.Run(12);
        stage.Found.Should().ContainSingle();
        stage.Source.Clear();
        stage.Run(12);
        stage.Found.Should().BeEmpty();

        stage.Set("errors-total", 1_000_000);
        stage.Run(10);
        stage.Found.Should().BeEmpty();
        stage.Run(1);
        stage.Only.Reading.Value.Should().Be(0);
    }

    [Theory]
    [InlineData("closed", null)]
    [InlineData("half-open", AlertSeverity.Warning)]
    [InlineData("Open", AlertSeverity.Critical)]
    public void A_state_is_known_by_its_text(string text, AlertSeverity? expected)
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "payments", Kind = "state", Metric = MetricNames.CircuitState, Instances = { "payments" }, WarningText = "half-open", CriticalText = "open" });
        stage.Set(MetricNames.CircuitState, 1, "payments", text: text);
        stage.Run();

        stage.Only.Confirmed.Should().Be((AlertLevel)(expected ?? 0));
        stage.Only.Rule.Message(stage.Only.Reading, AlertLevel.Critical).Should().Be($"payments payments: circuit-state is {text}.");
        stage.Status("payments").Condition.Should().Be("circuit-state is 'half-open' (warning), 'open' (critical).");
    }

    [Fact]
    public void A_state_is_equal_to_its_value_or_at_least_it()
    {
        using var stage = new RuleStage(
            new AlertRuleOptions { Name = "equal", Kind = "state", Metric = "mode", Warning = 1, Critical = 3 },
            new AlertRuleOptions { Name = "at-least", Kind = "state", Metric = "mode", Comparison = "above", Warning = 1, Critical = 3 });
        stage.Set("mode", 2);
        stage.Run();

        stage.Found.Select(found => (found.Rule.Name, found.Confirmed)).Should().BeEquivalentTo(new[] { ("equal", AlertLevel.None), ("at-least", AlertLevel.Warning) });
    }

    private static List<(AlertLevel, AlertLevel)> Levels(RuleStage stage, string metric, params double[] values) =>
        [.. values.Select(value =>
        {
            stage.Set(metric, value);
            stage.Run();
            return (stage.Only.Confirmed, stage.Only.Held);
        })];
}
