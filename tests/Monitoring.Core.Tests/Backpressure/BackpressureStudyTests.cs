using Monitoring.Backpressure;
using Monitoring.Simulation;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Backpressure;

/// <summary>What docs/backpressure.md claims of the detector, run again: fixed seeds, simulated time.</summary>
public sealed class BackpressureStudyTests(BackpressureStudyTests.Once once) : IClassFixture<BackpressureStudyTests.Once>
{
    private BackpressureStudy Study => once.Study;

    [Fact]
    public void The_page_shows_the_figures_of_the_simulation()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "backpressure.md"));

        MarkedText.Find(page).Should().Be(BackpressureReport.Of(Study), "eng/simulate backpressure --write puts them there");
    }

    [Fact]
    public void A_stable_queue_raises_no_alarm_up_to_eighty_percent_and_hardly_one_at_ninety()
    {
        foreach (var stable in Study.Stable.Where(static stable => stable.Scenario.Load < 0.95))
        {
            stable.AlarmsPerDay.Should().BeLessThanOrEqualTo(stable.Scenario.Load <= 0.8 ? 0 : 4, "{0} at {1}", stable.Scenario.Shape, stable.Scenario.Load);
        }
    }

    [Theory]
    [InlineData("1.05", 100)]
    [InlineData("1.2", 20)]
    [InlineData("2", 4)]
    [InlineData("5", 3)]
    public void Overload_is_detected_in_every_run_the_sooner_the_heavier_it_is(string load, double seconds)
    {
        var delays = Study.Overloads.Single(overload => overload.Scenario.Shape == QueueShape.Usual && overload.Scenario.Name.StartsWith(load + " ", StringComparison.Ordinal)).Delays;

        delays.Detected.Should().HaveCount(OnsetScenario.Runs).And.OnlyContain(delay => delay <= seconds);
    }

    [Fact]
    public void Trouble_is_detected_in_every_run_and_a_standstill_is_severe()
    {
        foreach (var failure in Study.Failures)
        {
            failure.Delays.Detected.Should().HaveCount(OnsetScenario.Runs).And.OnlyContain(delay => delay <= 20, "{0}", failure.Scenario.Name);
        }

        foreach (var standstill in Study.Failures.Where(static failure => failure.Scenario.Name.StartsWith("all", StringComparison.Ordinal)))
        {
            standstill.Delays.Of(BackpressureSignal.NoProgress).Should().HaveCount(OnsetScenario.Runs).And.OnlyContain(delay => delay >= 30 && delay <= 40);
            standstill.Delays.Severe.Should().HaveCount(OnsetScenario.Runs);
        }
    }

    [Fact]
    public void It_clears_within_seconds_of_the_backlog()
    {
        foreach (var recovery in Study.Recoveries)
        {
            recovery.AlarmSeconds.Zip(recovery.BacklogSeconds).Should().OnlyContain(
                run => run.First < run.Second + 15, "{0}: it clears after the backlog is gone, at the latest when the window and the hold are over", recovery.Scenario.Name);
        }
    }

    public sealed class Once
    {
        internal BackpressureStudy Study { get; } = BackpressureStudy.Run();
    }
}
