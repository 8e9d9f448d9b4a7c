using Monitoring.Services;

namespace Monitoring.Core.Tests.Services;

public sealed class ServiceRecoveryTests
{
    private readonly List<(int Attempt, TimeSpan At)> _attempts = [];

    [Fact]
    public void Is_tried_when_the_service_turns_critical_and_then_at_a_growing_distance_up_to_a_cap()
    {
        using var stage = Stage();
        stage.Fail(2);
        _attempts.Should().BeEmpty("it is no more than a warning");

        stage.Fail(100);

        _attempts.Select(attempt => attempt.Attempt).Should().Equal(1, 2, 3, 4, 5);
        _attempts.Select(attempt => attempt.At.TotalSeconds).Should().Equal(20, 50, 110, 230, 470);
        stage.Service.Should().BeEquivalentTo(new { RecoveryAttempts = 5, Status = ServiceStatus.Critical });
    }

    [Fact]
    public void The_distance_has_a_limit()
    {
        using var stage = Stage(static options => (options.RecoveryMaximumDelay, options.RecoveryAttempts) = (TimeSpan.FromSeconds(60), 6));
        stage.Fail(100);

        _attempts.Select(attempt => attempt.At.TotalSeconds).Should().Equal(20, 50, 110, 170, 230, 290);
    }

    [Fact]
    public void Each_attempt_is_recorded_and_audited()
    {
        using var stage = Stage();
        stage.Fail(3);

        var attempt = stage.Service.Recoveries.Should().ContainSingle().Subject;
        attempt.Should().Be(new ServiceRecoveryAttempt(stage.Clock.GetUtcNow(), 1, ServiceRecoveryOutcome.Completed, TimeSpan.Zero, null));
        stage.Audit.GetEntries().Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Action = "service.recover", Target = "orders", By = "system", Note = "attempt 1 of 5: Completed after 0 ms" });
    }

    [Fact]
    public void What_it_throws_is_recorded_without_secrets()
    {
        using var stage = Stage(static options => options.Recover = static (_, _) => throw new InvalidOperationException("token=abc123 refused"));
        stage.Fail(3);

        stage.Service.Recoveries.Single().Should().BeEquivalentTo(new { Outcome = ServiceRecoveryOutcome.Failed, Error = "InvalidOperationException: token=*** refused" });
        stage.Audit.GetEntries().Single().Note.Should().NotContain("abc123");
        stage.Errors.Count.Should().Be(0);
    }

    [Fact]
    public void A_service_that_was_well_for_long_enough_starts_anew_and_a_flapping_one_does_not()
    {
        using var stage = Stage();
        stage.Fail(3);
        stage.Succeed(2);
        stage.Fail(3);
        _attempts.Select(attempt => attempt.Attempt).Should().Equal(1, 2);

        stage.Succeed(2 + 60);
        stage.Fail(3);

        _attempts.Select(attempt => attempt.Attempt).Should().Equal(1, 2, 1);
    }

    [Fact]
    public void Is_not_tried_while_the_service_answers_again()
    {
        using var stage = Stage(static options => options.SuccessesToRecover = 10);
        stage.Fail(3);

        stage.Succeed(9);

        _attempts.Should().ContainSingle();
        stage.Service.Status.Should().Be(ServiceStatus.Critical);
    }

    [Fact]
    public async Task An_attempt_that_hangs_is_given_up_and_no_other_begins_until_it_ends()
    {
        var ends = new TaskCompletionSource();
        var calls = 0;
        using var stage = new ServiceStage();
        stage.Watch(options => options.Recover = (_, _) => Interlocked.Increment(ref calls) == 1 ? new(ends.Task) : ValueTask.CompletedTask);
        stage.Fail(3);
        stage.Fail(3);
        await ServiceProbingTests.EventuallyAsync(() => stage.Service.Recoveries.Count == 1);
        stage.Service.Recoveries[0].Should().BeEquivalentTo(new { Outcome = ServiceRecoveryOutcome.TimedOut, Error = "It did not end within 30 s." });

        stage.Fail(100);
        calls.Should().Be(1);
        ends.SetResult();

        await ServiceProbingTests.EventuallyAsync(() =>
        {
            stage.Fail();
            return Volatile.Read(ref calls) >= 2;
        });
    }

    [Fact]
    public void It_is_told_what_it_is_about()
    {
        ServiceRecovery? told = null;
        using var stage = new ServiceStage().Watch(options => options.Recover = (recovery, _) =>
        {
            told = recovery;
            return ValueTask.CompletedTask;
        });
        stage.Fail(3);

        told.Should().Be(new ServiceRecovery("orders", 1, "It is gone."));
    }

    private ServiceStage Stage(Action<ServiceProbeOptions>? configure = null)
    {
        var stage = new ServiceStage();
        var start = stage.Clock.GetUtcNow();
        return stage.Watch(options =>
        {
            options.Recover = (recovery, _) =>
            {
                _attempts.Add((recovery.Attempt, stage.Clock.GetUtcNow() - start));
                return ValueTask.CompletedTask;
            };
            configure?.Invoke(options);
        });
    }
}
