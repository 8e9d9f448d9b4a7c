using Monitoring.Alerts;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.Alerts.Rules;

public sealed class CodeRuleTests
{
    [Fact]
    public void Says_what_it_says_and_reads_what_the_monitor_knows()
    {
        var rule = new Rule("many-slow", readings => readings.Read("latency", TimeSpan.FromSeconds(5)).Count(reading => reading.Value > 100) is var slow && slow > 1
            ? [new AlertFinding(AlertSeverity.Critical, $"{slow} operations are slow at {readings.Now:HH:mm:ss}.") { Value = slow, Threshold = 2, Unit = "operations" }]
            : []);
        using var stage = new RuleStage([rule]);
        stage.Set("latency", 150, "A");
        stage.Run();
        stage.Found.Should().BeEmpty();

        stage.Set("latency", 150, "B");
        stage.Run();
        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.Critical, Held = AlertLevel.Critical, Reading = new { Instance = (string?)null, Value = 2.0 } });
        stage.Only.Rule.Should().BeEquivalentTo(new { Name = "many-slow", Category = AlertCategory.Application, Unit = "operations" });
        stage.Only.Rule.Message(stage.Only.Reading, AlertLevel.Critical).Should().Be("2 operations are slow at 00:00:02.");
        stage.Only.Rule.Thresholds(stage.Only.Reading)[AlertLevel.Critical].Should().Be(2);
        stage.Source.Windows.Should().Contain(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_rule_that_throws_keeps_its_alerts_is_counted_and_shown_and_harms_no_other()
    {
        var broken = false;
        var rule = new Rule("own", _ => broken ? throw new InvalidOperationException("no connection") : [new AlertFinding(AlertSeverity.Warning, "It is late.") { Instance = "a" }]);
        using var stage = new RuleStage([rule], new AlertRuleOptions { Name = "load", Metric = "load", Warning = 1 });
        stage.Set("load", 2);
        stage.Run();
        stage.Found.Should().HaveCount(2);

        broken = true;
        stage.Run();
        stage.Only.Rule.Name.Should().Be("load");
        stage.Engine.IsUnknown(new AlertSeries("own", "a")).Should().BeTrue();
        stage.Engine.IsUnknown(new AlertSeries("load", null)).Should().BeFalse();
        stage.Status("own").Should().BeEquivalentTo(new { Kind = "code", Origin = "code", Error = "InvalidOperationException: no connection", Series = 0, EvaluatedAt = stage.Clock.GetUtcNow() });
        stage.Errors.Count.Should().Be(1);

        broken = false;
        stage.Run();
        stage.Engine.IsUnknown(new AlertSeries("own", "a")).Should().BeFalse();
        stage.Status("own").Error.Should().BeNull();
    }

    [Fact]
    public void What_it_finds_halfway_before_it_throws_does_not_count()
    {
        using var stage = new RuleStage([new Rule("own", _ => Halfway())]);
        stage.Run();

        stage.Found.Should().BeEmpty();
        stage.Status("own").Error.Should().Contain("halfway");

        static IEnumerable<AlertFinding> Halfway()
        {
            yield return new AlertFinding(AlertSeverity.Warning, "one");
            throw new InvalidOperationException("halfway");
        }
    }

    [Fact]
    public void Endless_findings_end()
    {
        using var stage = new RuleStage([new Rule("own", _ => Enumerable.Range(0, int.MaxValue).Select(number => new AlertFinding(AlertSeverity.Warning, "one") { Instance = $"{number}" }))]);
        stage.Run();

        stage.Found.Should().HaveCount(10_000);
        stage.Status("own").Error.Should().Be("Only 10000 findings are looked at.");
    }

    [Fact]
    public void Options_change_a_rule_in_code()
    {
        var rule = new Rule("own", _ => [new AlertFinding(AlertSeverity.Warning, "It is late.")]);
        using var stage = new RuleStage([rule], new AlertRuleOptions { Name = "own", Kind = "code", For = TimeSpan.FromMinutes(1), Labels = { ["team"] = "shop" }, Runbook = "https://runbooks.example/own" });
        stage.Run();
        stage.Only.Rule.Should().BeEquivalentTo(new { For = TimeSpan.FromMinutes(1), Runbook = "https://runbooks.example/own", Labels = new Dictionary<string, string> { ["team"] = "shop" } });

        stage.Reload(new AlertRuleOptions { Name = "own", Kind = "code", Enabled = false });
        stage.Run();
        stage.Found.Should().BeEmpty();
        stage.Status("own").IsEnabled.Should().BeFalse();
    }

    [Theory]
    [InlineData("Not A Name")]
    [InlineData("backpressure")]
    public void A_rule_whose_name_cannot_be_is_left_out_and_reported(string name)
    {
        using var stage = new RuleStage([new Rule(name, _ => [new AlertFinding(AlertSeverity.Warning, "It is late.")])]);
        stage.Run();

        stage.Found.Should().BeEmpty();
        stage.Errors.Count.Should().Be(1);
    }

    private sealed class Rule(string name, Func<IAlertReadings, IEnumerable<AlertFinding>> evaluate) : IAlertRule
    {
        public string Name => name;

        public IEnumerable<AlertFinding> Evaluate(IAlertReadings readings) => evaluate(readings);
    }
}
