using Monitoring.CircuitBreakers;

namespace Monitoring.Core.Tests.CircuitBreakers;

/// <summary>The half-open probe: a caller's call, or the one that the registry starts.</summary>
public sealed class CircuitProbeTests
{
    [Fact]
    public void Is_half_open_once_the_break_is_over_even_if_nobody_calls()
    {
        var fixture = new CircuitFixture();

        fixture.TripAndWaitForTheBreakToEnd();

        fixture.Circuit.State.Should().Be(CircuitState.HalfOpen);
        fixture.Circuit.RetryAfter.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_probe_that_is_cancelled_does_not_close_the_circuit()
    {
        var fixture = new CircuitFixture();
        fixture.TripAndWaitForTheBreakToEnd();

        var call = () => fixture.Circuit.ExecuteAsync(static _ => Task.FromCanceled<int>(new CancellationToken(true)), 0);

        await call.Should().ThrowAsync<OperationCanceledException>();
        fixture.Circuit.State.Should().Be(CircuitState.Open);
        fixture.Summary.LastTransitions[0].Reason.Should().Be("the probe failed: given up by its caller");
    }

    [Fact]
    public async Task A_probe_that_hangs_does_not_hold_the_circuit_half_open_and_its_caller_still_gets_its_result()
    {
        var fixture = new CircuitFixture();
        fixture.TripAndWaitForTheBreakToEnd();
        var inner = new TaskCompletionSource<int>();

        var call = fixture.Circuit.ExecuteAsync(static inner => inner.Task, inner);
        fixture.Circuit.RetryAfter.Should().Be(CircuitFixture.ProbeTimeout);
        fixture.Clock.Advance(CircuitFixture.ProbeTimeout);

        fixture.Circuit.State.Should().Be(CircuitState.Open);
        fixture.Circuit.RetryAfter.Should().Be(CircuitFixture.Break);
        fixture.Summary.LastTransitions[0].Reason.Should().Be("the probe failed: no answer in time");
        inner.SetResult(7);
        (await call).Should().Be(7);
        fixture.Circuit.State.Should().Be(CircuitState.Open, "its outcome came too late");
    }

    [Fact]
    public void A_synchronous_probe_that_hangs_does_not_hold_the_circuit_half_open()
    {
        var fixture = new CircuitFixture();
        fixture.TripAndWaitForTheBreakToEnd();

        var state = fixture.Circuit.Execute(
            static fixture =>
            {
                fixture.Clock.Advance(TimeSpan.FromMinutes(1));
                return fixture.Summary.LastTransitions[0].To;
            },
            fixture);

        state.Should().Be(CircuitState.Open);
        fixture.Summary.FailedProbes.Should().Be(1);
    }

    [Fact]
    public void A_predicate_that_throws_leaves_the_circuit_neither_stuck_nor_closed()
    {
        var fixture = new CircuitFixture(isFailure: e => e is TimeoutException ? true : throw new InvalidOperationException());
        fixture.TripAndWaitForTheBreakToEnd();

        fixture.Fail(new ArgumentException("odd"));

        fixture.Circuit.State.Should().Be(CircuitState.Open);
        fixture.Errors.Count.Should().Be(1);
        fixture.Clock.Advance(CircuitFixture.Break);
        fixture.Succeed().Should().Be(1);
        fixture.Circuit.State.Should().Be(CircuitState.Closed);
    }

    [Fact]
    public void A_call_that_throws_before_it_returns_a_task_is_a_failed_probe_and_a_faulted_task()
    {
        var fixture = new CircuitFixture();
        fixture.TripAndWaitForTheBreakToEnd();

        var call = fixture.Circuit.ExecuteAsync<int, int>(static _ => throw new TimeoutException(), 0);

        call.Exception!.InnerException.Should().BeOfType<TimeoutException>();
        fixture.Circuit.State.Should().Be(CircuitState.Open);
    }

    [Fact]
    public async Task Everybody_else_is_rejected_while_the_probe_runs()
    {
        var fixture = new CircuitFixture();
        fixture.TripAndWaitForTheBreakToEnd();
        var inner = new TaskCompletionSource<int>();
        var probe = fixture.Circuit.ExecuteAsync(static inner => inner.Task, inner);
        fixture.Clock.Advance(TimeSpan.FromSeconds(0.5));

        fixture.Invoking(f => f.Succeed()).Should().Throw<CircuitOpenException>()
            .Which.Should().Match<CircuitOpenException>(e => e.State == CircuitState.HalfOpen && e.RetryAfter == TimeSpan.FromSeconds(1.5));

        inner.SetResult(1);
        await probe;
        fixture.Succeed().Should().Be(1);
    }

    [Fact]
    public async Task Closes_by_itself_without_traffic()
    {
        var asked = 0;
        var fixture = new CircuitFixture(probe: _ => Task.FromResult(Interlocked.Increment(ref asked)));
        fixture.Registry.Tick();
        fixture.Trip();
        fixture.Registry.Tick();
        asked.Should().Be(0, "the break is not over");

        fixture.Clock.Advance(CircuitFixture.Break);
        fixture.Registry.Tick();

        await CircuitFixture.Until(() => fixture.Circuit.IsClosed);
        fixture.Registry.Tick();
        asked.Should().Be(1);
        fixture.Summary.Rejections.Should().Be(0, "nobody was turned away");
    }

    [Fact]
    public async Task Errors_of_the_registered_probe_are_counted_not_thrown()
    {
        var fixture = new CircuitFixture(probe: _ => throw new TimeoutException());
        fixture.TripAndWaitForTheBreakToEnd();

        fixture.Registry.Tick();

        await CircuitFixture.Until(() => fixture.Summary.FailedProbes == 1);
        await CircuitFixture.Until(() => fixture.Circuit.State == CircuitState.Open);
        fixture.Summary.LastError.Should().Be("TimeoutException");
        fixture.Circuit.RetryAfter.Should().Be(CircuitFixture.Break);
    }

    [Fact]
    public async Task A_registered_probe_that_hangs_is_cancelled_and_no_second_one_runs_beside_it()
    {
        var asked = 0;
        var token = CancellationToken.None;
        var hung = new TaskCompletionSource();
        var fixture = new CircuitFixture(probe: t =>
        {
            token = t;
            Interlocked.Increment(ref asked);
            return hung.Task;
        });
        fixture.TripAndWaitForTheBreakToEnd();
        fixture.Registry.Tick();
        await CircuitFixture.Until(() => Volatile.Read(ref asked) == 1);

        fixture.Clock.Advance(CircuitFixture.ProbeTimeout);
        token.IsCancellationRequested.Should().BeTrue();
        fixture.Circuit.State.Should().Be(CircuitState.Open);
        fixture.Clock.Advance(CircuitFixture.Break);
        fixture.Registry.Tick();
        fixture.Circuit.State.Should().Be(CircuitState.HalfOpen, "a call may still be the probe");
        fixture.Summary.Probes.Should().Be(1);

        hung.SetResult();
        await CircuitFixture.Until(() =>
        {
            fixture.Registry.Tick();
            return fixture.Circuit.IsClosed;
        });
        asked.Should().Be(2);
    }

    [Fact]
    public async Task A_registered_probe_that_blocks_does_not_hold_up_the_loop()
    {
        using var release = new ManualResetEventSlim();
        var fixture = new CircuitFixture(probe: _ =>
        {
            release.Wait(CancellationToken.None);
            return Task.CompletedTask;
        });
        fixture.TripAndWaitForTheBreakToEnd();

        fixture.Registry.Tick();

        fixture.Circuit.State.Should().Be(CircuitState.HalfOpen);
        release.Set();
        await CircuitFixture.Until(() => fixture.Circuit.IsClosed);
    }

    [Fact]
    public async Task Calls_are_rejected_while_the_registered_probe_runs()
    {
        var answer = new TaskCompletionSource();
        var fixture = new CircuitFixture(probe: _ => answer.Task);
        fixture.TripAndWaitForTheBreakToEnd();
        fixture.Registry.Tick();

        fixture.Invoking(f => f.Succeed()).Should().Throw<CircuitOpenException>().Which.RetryAfter.Should().Be(CircuitFixture.ProbeTimeout);

        answer.SetResult();
        await CircuitFixture.Until(() => fixture.Circuit.IsClosed);
    }

    [Fact]
    public async Task Of_many_threads_exactly_one_makes_the_probe()
    {
        for (var round = 0; round < 50; round++)
        {
            var fixture = new CircuitFixture();
            fixture.TripAndWaitForTheBreakToEnd();
            using var gate = new Barrier(8);
            var (running, most, ran, rejected) = (0, 0, 0, 0);

            await InParallel(8, _ =>
            {
                gate.SignalAndWait();
                try
                {
                    fixture.Circuit.Execute(
                        _ =>
                        {
                            most = Math.Max(most, Interlocked.Increment(ref running));
                            Interlocked.Increment(ref ran);
                            CircuitFixture.Until(() => Volatile.Read(ref rejected) == 7).GetAwaiter().GetResult();
                            Interlocked.Decrement(ref running);
                            return 0;
                        },
                        0);
                }
                catch (CircuitOpenException)
                {
                    Interlocked.Increment(ref rejected);
                }
            });

            (most, ran, rejected).Should().Be((1, 1, 7));
            fixture.Circuit.State.Should().Be(CircuitState.Closed);
            fixture.Summary.Rejections.Should().Be(7);
        }
    }

    [Fact]
    public async Task No_state_is_lost_when_threads_report_call_isolate_and_close_together()
    {
        var fixture = new CircuitFixture();

        await InParallel(4, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 5_000; i++)
            {
                // One thread only moves the clock, for time must not run backwards.
                Act(fixture, random.Next(thread == 0 ? 0 : 1, 8));
            }
        });

        var (summary, circuit) = (fixture.Summary, fixture.Circuit);
        circuit.State.Should().Be(summary.State);
        foreach (var (newer, older) in summary.LastTransitions.Zip(summary.LastTransitions.Skip(1)))
        {
            newer.From.Should().Be(older.To, "transitions follow from one another");
            newer.To.Should().NotBe(newer.From);
        }

        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        circuit.Close();
        circuit.IsClosed.Should().BeTrue();
        fixture.Trip();
        circuit.State.Should().Be(CircuitState.Open);
        fixture.Clock.Advance(CircuitFixture.Break);
        fixture.Succeed();
        circuit.State.Should().Be(CircuitState.Closed);
    }

    private static void Act(CircuitFixture fixture, int what)
    {
        switch (what)
        {
            case 0:
                fixture.Clock.Advance(TimeSpan.FromSeconds(1));
                break;
            case 1:
                fixture.Circuit.Close();
                break;
            case 2:
                fixture.Circuit.Isolate();
                break;
            case 3:
                fixture.Circuit.ReportSuccess();
                break;
            case 4:
            case 5:
                fixture.Circuit.ReportFailure(new TimeoutException());
                break;
            default:
                try
                {
                    fixture.Circuit.Execute<int, int>(static what => what == 6 ? 0 : throw new TimeoutException(), what);
                }
                catch (Exception exception) when (exception is TimeoutException or CircuitOpenException)
                {
                }

                break;
        }
    }

    private static Task InParallel(int threads, Action<int> action) => Task.WhenAll(Enumerable.Range(0, threads)
        .Select(thread => Task.Factory.StartNew(() => action(thread), TaskCreationOptions.LongRunning)));
}
