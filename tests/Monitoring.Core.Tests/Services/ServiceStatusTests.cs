using Microsoft.Extensions.Options;
using Monitoring.Services;

namespace Monitoring.Core.Tests.Services;

public sealed class ServiceStatusTests
{
    [Fact]
    public void Is_unknown_until_it_was_asked()
    {
        using var stage = new ServiceStage().Watch();

        stage.Service.Should().BeEquivalentTo(new { Status = ServiceStatus.Unknown, Checks = 0, UptimePercent = 0.0, Observed = TimeSpan.Zero, CheckedAt = (DateTimeOffset?)null });
        stage.Monitor.GetSummary().Status.Should().Be(ServiceStatus.Unknown);
        stage.Reading().Should().BeNull();
        stage.Calls.Should().Be(0, "adding asks nothing");
    }

    [Fact]
    public void Warns_at_a_failure_and_is_critical_at_the_third_in_a_row()
    {
        using var stage = new ServiceStage().Watch();
        stage.Succeed().Status.Should().Be(ServiceStatus.Healthy);

        stage.Fail().Should().BeEquivalentTo(new { Status = ServiceStatus.Warning, ConsecutiveFailures = 1, Description = "It is gone." });
        stage.Fail().Status.Should().Be(ServiceStatus.Warning);
        stage.Reading()!.Value.Value.Should().Be(1);
        stage.Fail().Should().BeEquivalentTo(new { Status = ServiceStatus.Critical, ConsecutiveFailures = 3, Failures = 3, Checks = 4 });
        stage.Reading()!.Value.Should().BeEquivalentTo(new { Value = 2.0, Text = "It is gone." });
    }

    [Fact]
    public void A_success_between_failures_starts_the_count_again()
    {
        using var stage = new ServiceStage().Watch();
        stage.Fail(2);
        stage.Succeed();

        stage.Fail(2).Status.Should().Be(ServiceStatus.Warning);
    }

    [Fact]
    public void Recovers_after_two_answers_in_a_row_and_keeps_what_was()
    {
        using var stage = new ServiceStage().Watch();
        stage.Fail(3);
        var down = stage.Service.Since;

        stage.Succeed().Should().BeEquivalentTo(new { Status = ServiceStatus.Critical, Since = down, Description = "It answers again, 1 of 2 times.", ConsecutiveFailures = 0 });
        stage.Fail().Status.Should().Be(ServiceStatus.Critical, "it never left");
        stage.Succeed(2).Should().BeEquivalentTo(new { Status = ServiceStatus.Healthy, Description = (string?)null, LastError = "It is gone.", Since = stage.Clock.GetUtcNow() });
        stage.Service.History.Select(change => (change.From, change.To)).Should().Equal(
            (ServiceStatus.Critical, ServiceStatus.Healthy), (ServiceStatus.Warning, ServiceStatus.Critical), (ServiceStatus.Unknown, ServiceStatus.Warning));
        stage.Service.History[^1].Reason.Should().Be("It is gone.");
    }

    [Fact]
    public void Warns_when_answers_are_slow_or_say_so()
    {
        using var stage = new ServiceStage().Watch();

        var slow = stage.Ask(() =>
        {
            stage.Clock.Advance(TimeSpan.FromMilliseconds(1400));
            return ServiceProbeResult.Healthy;
        });

        slow.Should().BeEquivalentTo(new { Status = ServiceStatus.Warning, Description = "It took 1.4 s to answer.", ResponseTime = TimeSpan.FromMilliseconds(1400), ConsecutiveFailures = 0 });
        stage.Succeed().Status.Should().Be(ServiceStatus.Healthy);
        stage.Ask(static () => ServiceProbeResult.Warning("The replica lags.")).Should().BeEquivalentTo(new { Status = ServiceStatus.Warning, Description = "The replica lags.", LastError = (string?)null });
        stage.Ask(static () => default).Should().BeEquivalentTo(new { Status = ServiceStatus.Warning, Checks = 3 }, "an unknown status is no news");
    }

    [Fact]
    public void An_optional_service_is_a_warning_at_most()
    {
        using var stage = new ServiceStage().Watch(static options => options.IsOptional = true);

        stage.Fail(3).Status.Should().Be(ServiceStatus.Critical);

        stage.Monitor.GetSummary().Should().BeEquivalentTo(new { Status = ServiceStatus.Warning, Critical = 1, Count = 1 });
        stage.Reading()!.Value.Value.Should().Be(1);
    }

    [Fact]
    public void The_worst_that_matters_is_the_status_of_all_and_stands_first()
    {
        using var stage = new ServiceStage().Watch();
        stage.Monitor.Add("a-mail", static _ => new(ServiceProbeResult.Critical("no")), new ServiceProbeOptions { IsOptional = true, FailuresToCritical = 1 });
        stage.Monitor.Add("b-late", static _ => new(ServiceProbeResult.Healthy), new ServiceProbeOptions { InitialDelay = TimeSpan.FromHours(1) });
        stage.Succeed();

        var summary = stage.Monitor.GetSummary();

        (summary.Status, summary.Healthy, summary.Warning, summary.Critical, summary.Unknown).Should().Be((ServiceStatus.Warning, 1, 0, 1, 1));
        summary.Services.Select(service => service.Name).Should().Equal("a-mail", "orders", "b-late");
        stage.Fail(3);
        stage.Monitor.GetSummary().Status.Should().Be(ServiceStatus.Critical);
        stage.Monitor.GetSummary().Services[0].Name.Should().Be("orders");
    }

    [Fact]
    public void Uptime_is_weighted_by_time()
    {
        using var stage = new ServiceStage().Watch();
        stage.Succeed();            // healthy from 0 s
        stage.Fail(3);              // warning at 10 s, critical at 30 s
        stage.Succeed(2);           // healthy at 50 s
        stage.Clock.Advance(TimeSpan.FromSeconds(30));

        var service = stage.Service;
        (service.Observed, service.UptimePercent).Should().Be((TimeSpan.FromSeconds(80), 75));
        var last = stage.Monitor.GetSummary(TimeSpan.FromSeconds(40)).Services.Single();
        (last.Observed, last.UptimePercent).Should().Be((TimeSpan.FromSeconds(40), 75));
    }

    [Fact]
    public void Uptime_over_the_hour_forgets_what_is_older()
    {
        using var stage = new ServiceStage().Watch();
        stage.Fail(3);
        stage.Succeed(2);
        stage.Succeed(400);

        stage.Service.Should().BeEquivalentTo(new { UptimePercent = 100.0, Observed = TimeSpan.FromHours(1), Failures = 0 });
        stage.Service.Checks.Should().BeInRange(360, 361);
    }

    [Fact]
    public void Response_times_are_exact()
    {
        using var stage = new ServiceStage().Watch(static options => options.DegradedAfter = null);
        for (var i = 1; i <= 20; i++)
        {
            stage.Ask(() =>
            {
                stage.Clock.Advance(TimeSpan.FromMilliseconds(100 * i));
                return ServiceProbeResult.Healthy;
            });
        }

        stage.Fail();
        stage.Service.Should().BeEquivalentTo(new
        {
            AverageResponseTime = TimeSpan.FromMilliseconds(1050),
            P95ResponseTime = TimeSpan.FromMilliseconds(1900),
            ResponseTime = TimeSpan.FromMilliseconds(2000),
            Checks = 21,
            Status = ServiceStatus.Warning,
        });
    }

    [Fact]
    public void History_is_bounded()
    {
        using var stage = new ServiceStage(new ServiceOptions { HistoryCapacity = 3 }).Watch();
        for (var i = 0; i < 10; i++)
        {
            stage.Fail();
            stage.Succeed();
        }

        stage.Service.History.Should().HaveCount(3);
        stage.Service.History[0].To.Should().Be(ServiceStatus.Healthy);
    }

    [Fact]
    public void There_are_as_many_services_as_are_allowed_and_each_has_a_name_of_its_own()
    {
        using var stage = new ServiceStage(new ServiceOptions { Capacity = 1 }).Watch();

        stage.Monitor.Add("another", static _ => default).Should().BeFalse();

        (stage.Monitor.GetSummary().Count, stage.Monitor.GetSummary().Overflowed).Should().Be((1, 1));
        FluentActions.Invoking(() => stage.Monitor.Add(ServiceStage.Name, static _ => default)).Should().Throw<ArgumentException>().WithMessage("*orders*");
        FluentActions.Invoking(() => stage.Monitor.Add(" ", static _ => default)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => stage.Monitor.Add("a\nb", static _ => default)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => stage.Monitor.Add(new string('a', 101), static _ => default)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => stage.Monitor.Add("ftp", new Uri("ftp://host/"))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => stage.Monitor.Add("port", "host", 70_000)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        using var stage = new ServiceStage();
        var options = new ServiceProbeOptions
        {
            Interval = TimeSpan.Zero,
            Timeout = TimeSpan.FromHours(1),
            FailuresToCritical = 0,
            JitterPercent = double.NaN,
            RecoveryDelay = TimeSpan.FromMinutes(20),
        };

        var messages = FluentActions.Invoking(() => stage.Monitor.Add("a", static _ => default, options)).Should().Throw<OptionsValidationException>().Which.Failures;

        messages.Should().HaveCount(5).And.OnlyContain(message => message.StartsWith("Service 'a':", StringComparison.Ordinal));
        stage.Monitor.GetSummary().Count.Should().Be(0);
    }
}
