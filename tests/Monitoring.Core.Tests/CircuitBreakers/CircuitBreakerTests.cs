using Monitoring.CircuitBreakers;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.CircuitBreakers;

public sealed class CircuitBreakerTests
{
    /// <summary>
    /// What happens → the states it goes through. t failed (timeout), s success, a an error that says nothing of health,
    /// c cancelled, each as a report while closed and as a call otherwise; . a second; b the break; i isolate; r close.
    /// </summary>
    [Theory]
    [InlineData("", CircuitState.Closed, "")]
    [InlineData("t", CircuitState.Closed, "")]
    [InlineData("tt", CircuitState.Open, "Open")]
    [InlineData("st", CircuitState.Open, "Open")]
    [InlineData("sst", CircuitState.Closed, "")]
    [InlineData("sstt", CircuitState.Open, "Open")]
    [InlineData("aat", CircuitState.Closed, "")]
    [InlineData("cct", CircuitState.Closed, "")]
    [InlineData("cctt", CircuitState.Open, "Open")]
    [InlineData("t......t", CircuitState.Closed, "")]
    [InlineData("tt....", CircuitState.Open, "Open")]
    [InlineData("ttb", CircuitState.HalfOpen, "Open")]
    [InlineData("ttbs", CircuitState.Closed, "Open HalfOpen Closed")]
    [InlineData("ttba", CircuitState.Closed, "Open HalfOpen Closed")]
    [InlineData("ttbt", CircuitState.Open, "Open HalfOpen Open")]
    [InlineData("ttbc", CircuitState.Open, "Open HalfOpen Open")]
    [InlineData("ttbtb", CircuitState.HalfOpen, "Open HalfOpen Open")]
    [InlineData("ttbtbs", CircuitState.Closed, "Open HalfOpen Open HalfOpen Closed")]
    [InlineData("ttbst", CircuitState.Closed, "Open HalfOpen Closed")]
    [InlineData("ttbstt", CircuitState.Open, "Open HalfOpen Closed Open")]
    [InlineData("i", CircuitState.Isolated, "Isolated")]
    [InlineData("ib", CircuitState.Isolated, "Isolated")]
    [InlineData("tti", CircuitState.Isolated, "Open Isolated")]
    [InlineData("ir", CircuitState.Closed, "Isolated Closed")]
    [InlineData("ttr", CircuitState.Closed, "Open Closed")]
    [InlineData("ttrt", CircuitState.Closed, "Open Closed")]
    [InlineData("r", CircuitState.Closed, "")]
    public void Goes_through_its_states(string events, CircuitState state, string states)
    {
        var fixture = new CircuitFixture();

        foreach (var what in events)
        {
            Happen(fixture, what);
        }

        fixture.Circuit.State.Should().Be(state);
        fixture.Circuit.IsClosed.Should().Be(state == CircuitState.Closed);
        string.Join(' ', fixture.States).Should().Be(states);
    }

    [Fact]
    public void Opens_when_half_of_the_window_fails_and_enough_calls_were_made()
    {
        var fixture = new CircuitFixture(o => o.MinimumThroughput = 10);

        for (var i = 0; i < 5; i++)
        {
            fixture.Circuit.ReportSuccess();
        }

        for (var i = 0; i < 4; i++)
        {
            fixture.Circuit.ReportFailure(new TimeoutException());
            fixture.Circuit.IsClosed.Should().BeTrue();
        }

        fixture.Circuit.ReportFailure(new TimeoutException());
        fixture.Circuit.IsClosed.Should().BeFalse();
        fixture.Summary.LastTransitions[0].Reason.Should().Be("5 of 10 calls failed, the last with TimeoutException");
    }

    [Fact]
    public void Opens_within_five_seconds_of_the_first_timeout_of_a_service_that_was_busy_before()
    {
        var fixture = new CircuitFixture(o => o.MinimumThroughput = new CircuitBreakerOptions().MinimumThroughput);
        for (var tenths = 0; tenths < 100; tenths++)
        {
            Enumerable.Range(0, 10).ToList().ForEach(_ => fixture.Circuit.ReportSuccess());
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        var timeouts = 0;
        for (; fixture.Circuit.IsClosed; timeouts++)
        {
            fixture.Circuit.ReportFailure(new TimeoutException());
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        timeouts.Should().BeLessThan(5 * 20);
    }

    [Fact]
    public void Rejects_calls_without_running_them_and_says_when_to_retry()
    {
        var fixture = new CircuitFixture();
        fixture.Trip();
        fixture.Clock.Advance(TimeSpan.FromSeconds(1.5));

        var call = () => fixture.Circuit.Execute<int, int>(static _ => throw new InvalidOperationException("it ran"), 0);

        call.Should().Throw<CircuitOpenException>().Which.Should().Match<CircuitOpenException>(
            e => e.Circuit == "cache" && e.State == CircuitState.Open && e.RetryAfter == TimeSpan.FromSeconds(3.5));
        fixture.Summary.Rejections.Should().Be(1);
        fixture.Summary.RetryAfter.Should().Be(TimeSpan.FromSeconds(3.5));
    }

    [Fact]
    public void A_refused_asynchronous_call_is_a_faulted_task()
    {
        var fixture = new CircuitFixture();
        fixture.Trip();

        var call = fixture.Circuit.ExecuteAsync(static _ => Task.FromResult(1), 0);

        call.IsFaulted.Should().BeTrue();
        call.Exception!.InnerException.Should().BeOfType<CircuitOpenException>();
    }

    [Fact]
    public async Task Calls_through_a_closed_circuit_are_run_and_counted()
    {
        var fixture = new CircuitFixture();

        fixture.Succeed().Should().Be(1);
        (await fixture.Circuit.ExecuteAsync(static _ => Task.FromResult(2), 0)).Should().Be(2);
        fixture.Fail(new TimeoutException());
        fixture.Circuit.IsClosed.Should().BeTrue();
        fixture.Fail(new TimeoutException());
        fixture.Circuit.IsClosed.Should().BeFalse();
    }

    [Fact]
    public async Task A_call_that_opens_the_circuit_ends_with_its_own_exception()
    {
        var fixture = new CircuitFixture();
        var own = new TimeoutException("mine");
        fixture.Circuit.ReportFailure(new TimeoutException());

        var call = () => fixture.Circuit.ExecuteAsync(_ => Task.FromException<int>(own), 0);

        (await call.Should().ThrowAsync<TimeoutException>()).Which.Should().BeSameAs(own);
        fixture.Circuit.State.Should().Be(CircuitState.Open);
    }

    [Fact]
    public void What_is_reported_late_neither_closes_nor_reopens_it()
    {
        var fixture = new CircuitFixture();
        fixture.TripAndWaitForTheBreakToEnd();

        fixture.Circuit.ReportSuccess();
        fixture.Circuit.ReportFailure(new TimeoutException());

        fixture.Circuit.State.Should().Be(CircuitState.HalfOpen);
        fixture.Summary.Probes.Should().Be(0);
    }

    [Fact]
    public void Setting_the_wall_clock_back_does_not_prolong_the_break()
    {
        var fixture = new CircuitFixture();
        fixture.Trip();
        fixture.Clock.JumpWallClock(TimeSpan.FromHours(-1));
        fixture.Clock.Advance(CircuitFixture.Break);

        fixture.Succeed().Should().Be(1);

        fixture.Circuit.State.Should().Be(CircuitState.Closed);
    }

    [Fact]
    public void A_disabled_circuit_stays_closed_unless_isolated()
    {
        var fixture = new CircuitFixture(o => o.Enabled = false);
        for (var i = 0; i < 100; i++)
        {
            fixture.Circuit.ReportFailure(new TimeoutException());
        }

        fixture.Circuit.IsClosed.Should().BeTrue();
        fixture.Circuit.Isolate();
        fixture.Circuit.IsClosed.Should().BeFalse();
    }

    [Fact]
    public void Isolated_by_hand_it_rejects_until_it_is_closed_by_hand()
    {
        var fixture = new CircuitFixture();

        fixture.Circuit.Isolate("maintenance");
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        fixture.Registry.Tick();

        fixture.Invoking(f => f.Succeed()).Should().Throw<CircuitOpenException>().Which.RetryAfter.Should().Be(TimeSpan.Zero);
        fixture.Circuit.Close();
        fixture.Succeed().Should().Be(1);
        fixture.Summary.LastTransitions.Select(t => t.Reason).Should().Equal("closed by hand", "isolated by hand: maintenance");
        fixture.Summary.Trips.Should().Be(0);
    }

    [Fact]
    public void Isolated_while_the_probe_runs_it_stays_isolated_when_the_probe_succeeds()
    {
        var fixture = new CircuitFixture();
        fixture.TripAndWaitForTheBreakToEnd();

        fixture.Circuit.Execute(static f => f.Isolated(), fixture.Circuit);

        fixture.Circuit.State.Should().Be(CircuitState.Isolated);
    }

    [Fact]
    public void The_summary_tells_its_history()
    {
        var fixture = new CircuitFixture();
        var start = fixture.Clock.GetUtcNow();
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        fixture.Trip();
        fixture.Clock.Advance(CircuitFixture.Break);
        fixture.Fail(new TimeoutException("GET secret-key"));
        fixture.Clock.Advance(CircuitFixture.Break + TimeSpan.FromSeconds(1));
        fixture.Succeed();
        fixture.Clock.Advance(TimeSpan.FromSeconds(7));

        var summary = fixture.Summary;

        summary.Should().BeEquivalentTo(new CircuitBreakerSummary
        {
            Name = "cache",
            State = CircuitState.Closed,
            TimeInState = TimeSpan.FromSeconds(7),
            Trips = 1,
            Probes = 2,
            FailedProbes = 1,
            LastError = "TimeoutException",
            LastErrorAt = start + TimeSpan.FromSeconds(6),
            LastTransitions =
            [
                new(start + TimeSpan.FromSeconds(12), CircuitState.HalfOpen, CircuitState.Closed, "the probe succeeded"),
                new(start + TimeSpan.FromSeconds(12), CircuitState.Open, CircuitState.HalfOpen, "the break is over"),
                new(start + TimeSpan.FromSeconds(6), CircuitState.HalfOpen, CircuitState.Open, "the probe failed: TimeoutException"),
                new(start + TimeSpan.FromSeconds(6), CircuitState.Open, CircuitState.HalfOpen, "the break is over"),
                new(start + TimeSpan.FromSeconds(1), CircuitState.Closed, CircuitState.Open, "2 of 2 calls failed, the last with TimeoutException"),
            ],
        });
    }

    [Fact]
    public void The_time_in_state_starts_anew_when_the_break_is_over()
    {
        var fixture = new CircuitFixture();
        fixture.Trip();
        fixture.Clock.Advance(TimeSpan.FromSeconds(4));
        fixture.Summary.TimeInState.Should().Be(TimeSpan.FromSeconds(4));

        fixture.Clock.Advance(TimeSpan.FromSeconds(3));

        fixture.Summary.State.Should().Be(CircuitState.HalfOpen);
        fixture.Summary.TimeInState.Should().Be(TimeSpan.FromSeconds(2));
        fixture.Summary.RetryAfter.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Keeps_the_last_32_transitions()
    {
        var fixture = new CircuitFixture();
        for (var i = 0; i < 100; i++)
        {
            fixture.Circuit.Isolate();
            fixture.Circuit.Close();
        }

        fixture.Summary.LastTransitions.Should().HaveCount(32);
        fixture.Summary.LastTransitions[0].To.Should().Be(CircuitState.Closed);
    }

    [Fact]
    public void An_error_is_named_by_its_types_never_by_its_message()
    {
        var fixture = new CircuitFixture();

        fixture.Circuit.ReportFailure(new TimeoutException("GET secret-key", new IOException("secret-host")));

        fixture.Summary.LastError.Should().Be("TimeoutException (IOException)");
    }

    [Fact]
    public void Reporting_success_allocates_nothing()
    {
        var circuit = new CircuitFixture().Circuit;
        static void ReportMany(CircuitBreaker circuit)
        {
            for (var i = 0; i < 20_000; i++)
            {
                circuit.ReportSuccess();
            }
        }

        ReportMany(circuit);
        Allocations.Least(() => ReportMany(circuit)).Should().Be(0);
    }

    private static void Happen(CircuitFixture fixture, char what)
    {
        switch (what)
        {
            case '.':
                fixture.Clock.Advance(TimeSpan.FromSeconds(1));
                break;
            case 'b':
                fixture.Clock.Advance(CircuitFixture.Break);
                break;
            case 'i':
                fixture.Circuit.Isolate();
                break;
            case 'r':
                fixture.Circuit.Close();
                break;
            case 's' when fixture.Circuit.IsClosed:
                fixture.Circuit.ReportSuccess();
                break;
            case 's':
                fixture.Succeed();
                break;
            default:
                Exception exception = what switch
                {
                    't' => new TimeoutException(),
                    'a' => new ArgumentException("WRONGTYPE"),
                    _ => new OperationCanceledException(),
                };
                if (fixture.Circuit.IsClosed)
                {
                    fixture.Circuit.ReportFailure(exception);
                }
                else
                {
                    fixture.Fail(exception);
                }

                break;
        }
    }
}

internal static class CircuitBreakerTestExtensions
{
    public static int Isolated(this CircuitBreaker circuit)
    {
        circuit.Isolate();
        return 1;
    }
}
