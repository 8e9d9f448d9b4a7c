using Microsoft.Extensions.Logging;
using Monitoring.CircuitBreakers;
using Monitoring.Telemetry;
using Monitoring.Validation;

namespace Monitoring.Core.Tests.CircuitBreakers;

public sealed class CircuitBreakerRegistryTests
{
    private readonly CircuitFixture _fixture = new();

    [Fact]
    public void A_name_is_one_circuit()
    {
        _fixture.Registry.GetOrAdd("cache", _ => true).Should().BeSameAs(_fixture.Circuit);
        _fixture.Registry.Find("cache").Should().BeSameAs(_fixture.Circuit);
        _fixture.Registry.Find("other").Should().BeNull();
    }

    [Fact]
    public async Task A_circuit_that_is_asked_for_again_takes_over_the_newer_probe()
    {
        var (old, newer) = (0, 0);
        _fixture.Registry.GetOrAdd("cache", _ => true, _ => Task.FromResult(old++));
        _fixture.Registry.GetOrAdd("cache", _ => true, _ => Task.FromResult(newer++));
        _fixture.Registry.GetOrAdd("cache", _ => true);
        _fixture.TripAndWaitForTheBreakToEnd();

        _fixture.Registry.Tick();

        await CircuitFixture.Until(() => _fixture.Circuit.IsClosed);
        (old, newer).Should().Be((0, 1));
    }

    [Fact]
    public void A_circuit_that_everybody_released_is_not_listed_and_works_on()
    {
        _fixture.Registry.GetOrAdd("cache", _ => true);
        _fixture.Registry.Release(_fixture.Circuit).Should().BeFalse();
        _fixture.Registry.GetSummaries().Should().ContainSingle();
        _fixture.Registry.Release(_fixture.Circuit).Should().BeTrue();
        _fixture.Registry.Release(_fixture.Circuit).Should().BeFalse();

        _fixture.Registry.GetSummaries().Should().BeEmpty();
        _fixture.Trip();
        _fixture.Circuit.State.Should().Be(CircuitState.Open);
    }

    [Fact]
    public void Lists_256_circuits_and_counts_the_others_which_work_too()
    {
        CircuitBreaker last = _fixture.Circuit;
        for (var i = 0; i < 300; i++)
        {
            last = _fixture.Registry.GetOrAdd($"circuit-{i}", _ => true);
        }

        _fixture.Registry.GetSummaries().Should().HaveCount(256);
        _fixture.Registry.Overflow.Should().Be(45);
        last.Execute(static _ => 1, 0).Should().Be(1);
    }

    [Fact]
    public void Publishes_the_state_of_each_circuit()
    {
        _fixture.Registry.GetOrAdd("idle", _ => true);
        _fixture.Registry.GetOrAdd("held", _ => true).Isolate();
        _fixture.Trip();

        Values().Should().BeEquivalentTo(new Dictionary<string, double> { ["cache"] = 2, ["idle"] = 0, ["held"] = 2 });
        _fixture.Clock.Advance(CircuitFixture.Break);
        Values().Should().Contain("cache", 1);
    }

    [Fact]
    public void An_alert_about_a_circuit_says_why_it_opened()
    {
        _fixture.Trip();

        Collect().Single().Context!().Should().Contain("state", "Open").And.Contain("trips", "1")
            .And.Contain("reason", "2 of 2 calls failed, the last with TimeoutException")
            .And.Contain("lastError", "TimeoutException").And.Contain("retryAfterSeconds", "5");
    }

    [Fact]
    public void Transitions_are_logged_by_the_loop_not_by_the_caller()
    {
        _fixture.TripAndWaitForTheBreakToEnd();
        _fixture.Fail(new TimeoutException("GET secret-key"));
        _fixture.Clock.Advance(CircuitFixture.Break);
        _fixture.Succeed();
        _fixture.Circuit.Isolate("maintenance");
        _fixture.Log.Entries.Should().BeEmpty();

        _fixture.Registry.Tick();
        _fixture.Registry.Tick();

        _fixture.Log.Entries.Should().Equal(
            (LogLevel.Warning, EventIds.CircuitOpened, "Circuit cache opened: 2 of 2 calls failed, the last with TimeoutException"),
            (LogLevel.Debug, EventIds.CircuitHalfOpened, "Circuit cache is half-open: the break is over"),
            (LogLevel.Information, EventIds.CircuitStaysOpen, "Circuit cache stays open: the probe failed: TimeoutException"),
            (LogLevel.Debug, EventIds.CircuitHalfOpened, "Circuit cache is half-open: the break is over"),
            (LogLevel.Information, EventIds.CircuitClosed, "Circuit cache closed: the probe succeeded"),
            (LogLevel.Warning, EventIds.CircuitIsolated, "Circuit cache was isolated: isolated by hand: maintenance"));
    }

    [Fact]
    public void A_log_that_throws_stops_neither_the_caller_nor_the_loop()
    {
        _fixture.Log.Throws = new IOException("disk full");
        _fixture.Trip();

        _fixture.Registry.Invoking(r => r.Tick()).Should().NotThrow();

        _fixture.Errors.Count.Should().BePositive();
        _fixture.Circuit.State.Should().Be(CircuitState.Open);
    }

    [Fact]
    public void The_default_options_and_both_ends_of_each_range_are_accepted_by_Polly_too()
    {
        CircuitBreakerOptions[] accepted =
        [
            new(),
            new()
            {
                FailureRatio = 0.01, MinimumThroughput = 2, ProbeTimeout = TimeSpan.FromMilliseconds(50),
                SamplingDuration = TimeSpan.FromMilliseconds(500), BreakDuration = TimeSpan.FromMilliseconds(500),
            },
            new()
            {
                FailureRatio = 1, MinimumThroughput = 1_000_000, ProbeTimeout = TimeSpan.FromMinutes(1),
                SamplingDuration = TimeSpan.FromDays(1), BreakDuration = TimeSpan.FromDays(1),
            },
        ];
        foreach (var options in accepted)
        {
            var errors = new OptionsErrors("Monitoring:CircuitBreaker");
            options.Validate(errors);
            errors.Messages.Should().BeEmpty();
            new CircuitBreakerRegistry(_fixture.Clock, options, _fixture.Log, _fixture.Errors).GetOrAdd("any", _ => true).IsClosed.Should().BeTrue();
        }
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var errors = new OptionsErrors("Monitoring:CircuitBreaker");

        new CircuitBreakerOptions
        {
            FailureRatio = 0,
            MinimumThroughput = 1,
            SamplingDuration = TimeSpan.FromMilliseconds(499),
            BreakDuration = TimeSpan.FromDays(2),
            ProbeTimeout = TimeSpan.Zero,
        }.Validate(errors);

        errors.Messages.Should().Equal(
            "Monitoring:CircuitBreaker:FailureRatio is 0; allowed: 0.01 to 1.",
            "Monitoring:CircuitBreaker:MinimumThroughput is 1; allowed: 2 to 1000000.",
            "Monitoring:CircuitBreaker:SamplingDuration is 00:00:00.4990000; allowed: 00:00:00.5000000 to 1.00:00:00.",
            "Monitoring:CircuitBreaker:BreakDuration is 2.00:00:00; allowed: 00:00:00.5000000 to 1.00:00:00.",
            "Monitoring:CircuitBreaker:ProbeTimeout is 00:00:00; allowed: 00:00:00.0500000 to 00:01:00.");
    }

    private List<MetricReading> Collect()
    {
        var readings = new List<MetricReading>();
        _fixture.Registry.Collect(readings, TimeSpan.FromSeconds(10));
        return readings;
    }

    private Dictionary<string, double> Values() => Collect().ToDictionary(r => r.Instance!, r => r.Value);
}
