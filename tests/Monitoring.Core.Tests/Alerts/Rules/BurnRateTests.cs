using Monitoring.Alerts;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.Alerts.Rules;

/// <summary>Most windows are shorter than those of the workbook, so that a test runs through them second by second.</summary>
public sealed class BurnRateTests
{
    private double _bad;
    private double _total;

    [Fact]
    public void Burns_fourteen_times_too_fast()
    {
        using var stage = new RuleStage(Objective());
        Run(stage, 600, badOfHundred: 0);
        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.None, Held = AlertLevel.None, Reading = new { Value = 0.0 } });

        // 2 % bad of 0.1 % allowed is 20 times; the minute-long window has it when 14.4/20 of it are bad.
        Run(stage, 40, badOfHundred: 2);
        stage.Only.Confirmed.Should().Be(AlertLevel.Warning);
        Run(stage, 10, badOfHundred: 2);
        stage.Only.Confirmed.Should().Be(AlertLevel.Critical);
        stage.Only.Reading.Value.Should().BeInRange(14.4, 17);
        stage.Only.Rule.Message(stage.Only.Reading, AlertLevel.Critical).Should().MatchRegex("^shop: the error budget of 99.9 % burns 1[4-7](\\.\\d+)? × as fast as it may over 1 min; 14.4 × is critical\\.$");

        // The short window is clear again after ten seconds.
        Run(stage, 12, badOfHundred: 0);
        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.Warning, Held = AlertLevel.Warning }, "the pair that warns still burns");
    }

    [Fact]
    public void Says_nothing_of_a_few_events()
    {
        using var stage = new RuleStage(Objective(minimum: 2000));
        Run(stage, 20, badOfHundred: 50);
        stage.Only.Confirmed.Should().Be(AlertLevel.None, "the first second is where counting begins");

        Run(stage, 1, badOfHundred: 50);
        stage.Only.Confirmed.Should().Be(AlertLevel.Critical);
    }

    [Fact]
    public void A_slow_burn_warns()
    {
        using var stage = new RuleStage(Objective());
        Run(stage, 400, badOfHundred: 0.2);

        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.Warning, Reading = new { Limit = 1.0 } });
    }

    [Fact]
    public void A_pair_says_nothing_before_its_short_window_has_passed()
    {
        using var stage = new RuleStage(Objective());
        Run(stage, 10, badOfHundred: 100);
        stage.Only.Confirmed.Should().Be(AlertLevel.None);
        Run(stage, 1, badOfHundred: 100);
        stage.Only.Confirmed.Should().Be(AlertLevel.Critical, "and judges what there is then");
    }

    [Fact]
    public void Counters_may_begin_anew()
    {
        using var stage = new RuleStage(Objective());
        Run(stage, 60, badOfHundred: 0);
        (_bad, _total) = (0, 0);
        Run(stage, 60, badOfHundred: 0);

        stage.Only.Should().BeEquivalentTo(new { Held = AlertLevel.None, Reading = new { Value = 0.0 } });
        stage.Only.Reading.Count.Should().BeInRange(5_900, 6_200, "a hundred a second within a minute");
    }

    [Fact]
    public void A_share_in_percent_will_do()
    {
        var rule = new AlertRuleOptions { Name = "redis", Kind = "burn-rate", Metric = MetricNames.RedisFailureRate, Objective = 99 };
        using var stage = new RuleStage(rule);
        stage.Set(MetricNames.RedisFailureRate, 0, count: 500);
        stage.Run(3500);
        stage.Only.Confirmed.Should().Be(AlertLevel.None);
        stage.Only.Reading.Count.Should().BeInRange(150_000, 200_000, "five hundred in each ten seconds");

        stage.Set(MetricNames.RedisFailureRate, 100, count: 500);
        stage.Run(700);
        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.Critical, Reading = new { Limit = 14.4, Text = "1 h" } });
    }

    [Fact]
    public void The_default_windows_are_those_of_the_workbook()
    {
        using var stage = new RuleStage(new AlertRuleOptions { Name = "redis", Kind = "burn-rate", Metric = MetricNames.RedisFailureRate, Objective = 99.9 });

        stage.Status("redis").Condition.Should().Be(
            "redis-failure-rate burns the error budget of 99.9 %: 14.4 × over 1 h and 5 min (critical), 6 × over 6 h and 30 min (critical), 1 × over 3 days and 6 h (warning).");
    }

    private static AlertRuleOptions Objective(long minimum = 100)
    {
        var rule = new AlertRuleOptions { Name = "shop", Kind = "burn-rate", Metric = "failed", Total = "all", Cumulative = true, Objective = 99.9, MinimumCount = minimum };
        rule.BurnWindows.Add(new AlertBurnWindow { Factor = 14.4, Window = TimeSpan.FromMinutes(1), ShortWindow = TimeSpan.FromSeconds(10) });
        rule.BurnWindows.Add(new AlertBurnWindow { Factor = 1, Window = TimeSpan.FromMinutes(6), ShortWindow = TimeSpan.FromSeconds(30), Severity = AlertSeverity.Warning });
        return rule;
    }

    private void Run(RuleStage stage, int seconds, double badOfHundred) => stage.Run(seconds, () =>
    {
        stage.Set("failed", _bad += badOfHundred);
        stage.Set("all", _total += 100);
    });
}
