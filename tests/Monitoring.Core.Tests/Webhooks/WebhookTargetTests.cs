using Monitoring.Latency;
using Monitoring.TestSupport;
using Monitoring.Webhooks;

namespace Monitoring.Core.Tests.Webhooks;

/// <summary>Both targets over windows, the objective with its budget, and the slowest.</summary>
public sealed class WebhookTargetTests : IDisposable
{
    private readonly FakeClock _time = new();
    private readonly SliceClock _clock;

    public WebhookTargetTests() => _clock = new SliceClock(_time);

    public void Dispose() => _clock.Dispose();

    [Fact]
    public void Both_targets_are_told_over_the_last_minute_five_minutes_and_hour()
    {
        var monitor = New();
        Record(monitor, 3_000, 3_000);
        _time.Advance(TimeSpan.FromMinutes(30));
        Record(monitor, 600, 600, 100, 100);
        _time.Advance(TimeSpan.FromMinutes(3));
        Record(monitor, 500, 100, 100, 2_000);

        foreach (var window in (TimeSpan?[])[null, TimeSpan.FromSeconds(1)])
        {
            monitor.GetSummary(window).Compliance.Select(compliance => (compliance.Window, compliance.Count, compliance.Within500MsPercent, compliance.Within2SPercent)).Should().Equal(
                (TimeSpan.FromMinutes(1), 4L, 75.0, 100.0),
                (TimeSpan.FromMinutes(5), 8L, 62.5, 100.0),
                (TimeSpan.FromHours(1), 10L, 50.0, 80.0));
        }
    }

    [Fact]
    public void The_objective_says_how_fast_its_budget_is_used_up()
    {
        var monitor = New(new WebhookOptions { ObjectivePercent = 99, ObjectiveTarget = TimeSpan.FromMilliseconds(250) });
        Second(monitor, good: 900, bad: 0);
        _time.Advance(TimeSpan.FromHours(2));
        Second(monitor, good: 95, bad: 5);

        var objective = monitor.GetSummary().Objective;

        (objective.ObjectivePercent, objective.Target, objective.Count, objective.Misses).Should().Be((99, TimeSpan.FromMilliseconds(250), 1000, 5));
        objective.CompliancePercent.Should().BeApproximately(99.5, 1e-9);
        objective.ErrorBudgetRemainingPercent.Should().BeApproximately(50, 1e-9, "10 of 1,000 may be late");
        objective.Period.Should().Be(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(2));
        objective.BurnRates.Select(burn => (burn.Window, burn.Count, Math.Round(burn.Rate, 6))).Should().Equal(
            (TimeSpan.FromMinutes(5), 100L, 5.0),
            (TimeSpan.FromMinutes(30), 100L, 5.0),
            (TimeSpan.FromHours(1), 100L, 5.0),
            (TimeSpan.FromHours(6), 1000L, 0.5),
            (TimeSpan.FromDays(3), 1000L, 0.5));
    }

    [Fact]
    public void A_budget_that_is_used_up_is_nothing_and_comes_back_after_thirty_days()
    {
        var monitor = New();
        Second(monitor, good: 90, bad: 10);
        monitor.GetSummary().Objective.ErrorBudgetRemainingPercent.Should().Be(0);

        _time.Advance(TimeSpan.FromDays(31));
        Second(monitor, good: 100, bad: 0);

        var objective = monitor.GetSummary().Objective;
        (objective.Count, objective.Misses, objective.ErrorBudgetRemainingPercent, objective.Period).Should().Be((100, 0, 100, TimeSpan.FromDays(30)));
    }

    [Theory]
    [InlineData(8, null)]
    [InlineData(20, "Critical")]
    public void A_budget_that_burns_is_an_alert(int latePercent, string? severity)
    {
        using var service = PerformanceMonitor.Create(timeProvider: _time);
        for (var second = 0; second < 400; second++)
        {
            Record(service.Webhooks, [.. Enumerable.Range(0, 50).Select(i => i < latePercent / 2 ? 600.0 : 100.0)]);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var alert = service.Alerts.GetActive().SingleOrDefault(alert => alert.Rule == "webhook-objective");

        alert?.Severity.ToString().Should().Be(severity);
        (alert is null).Should().Be(severity is null);
        if (alert is not null)
        {
            alert.Message.Should().Be("Webhooks: the error budget of their objective burns 20 × as fast as it may over 1 h; 14.4 × is critical.");
        }
    }

    [Fact]
    public void Few_webhooks_burn_no_budget()
    {
        using var service = PerformanceMonitor.Create(timeProvider: _time);
        for (var minute = 0; minute < 50; minute++)
        {
            Record(service.Webhooks, 600);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        service.Alerts.GetActive().Should().NotContain(alert => alert.Rule == "webhook-objective");
    }

    [Fact]
    public void The_slowest_of_the_window_are_listed_with_where_their_time_went()
    {
        var monitor = New(new WebhookOptions { SlowestCapacity = 3 });
        Record(monitor, 9_000);
        _time.Advance(TimeSpan.FromMinutes(10));
        Record(monitor, 100, 700, 200, 600);
        _time.Advance(TimeSpan.FromMinutes(1));
        Record(monitor, 650, 10);

        Slowest(TimeSpan.FromHours(1)).Should().Equal(9_000, 700, 650);
        Slowest(TimeSpan.FromMinutes(5)).Should().Equal(700, 650, 600);
        Slowest(TimeSpan.FromSeconds(10)).Should().Equal(650, 10);
        monitor.GetSummary().Slowest[0].Phases.Should().ContainSingle().Which.Name.Should().Be("Validation");

        _time.Advance(TimeSpan.FromHours(2));
        Slowest(TimeSpan.FromHours(1)).Should().BeEmpty();

        IEnumerable<double> Slowest(TimeSpan window) => monitor.GetSummary(window).Slowest.Select(breakdown => breakdown.Total.TotalMilliseconds);
    }

    [Fact]
    public void The_slowest_are_bounded_however_many_there_were()
    {
        var monitor = New();
        for (var minute = 0; minute < 120; minute++)
        {
            Record(monitor, [.. Enumerable.Range(0, 100).Select(i => minute + (i / 1000.0))]);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        var slowest = monitor.GetSummary().Slowest;
        slowest.Should().HaveCount(10);
        slowest.Select(breakdown => breakdown.Total).Should().BeInDescendingOrder();
        slowest[0].Total.Should().Be(TimeSpan.FromMilliseconds(119.099));
    }

    [Fact]
    public async Task Under_threads_nothing_is_lost_and_the_slowest_are_found()
    {
        const int Threads = 4;
        const int Each = 5_000;
        var monitor = New();

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () => Record(monitor, [.. Enumerable.Range(0, Each).Select(i => (double)(((i * 7919) + thread) % 1_000))]), TaskCreationOptions.LongRunning)));

        var summary = monitor.GetSummary();
        summary.Objective.Count.Should().Be(Threads * Each);
        summary.Objective.Misses.Should().Be(summary.Compliance[0].Count - (long)Math.Round(summary.Compliance[0].Count * summary.Compliance[0].Within500MsPercent / 100));
        summary.Compliance.Should().OnlyContain(compliance => compliance.Count == Threads * Each);
        summary.Slowest.Should().HaveCount(10).And.OnlyContain(breakdown => breakdown.Total == TimeSpan.FromMilliseconds(999));
    }

    [Fact]
    public void Phases_are_told_by_endpoint_too()
    {
        var monitor = New();
        monitor.Record(new WebhookTimingBreakdown { Endpoint = "github", Total = Ms(200), Phases = [new(WebhookPhase.Validation, Ms(150), self: Ms(50)), new(WebhookPhase.RedisOperation, Ms(100))] });
        monitor.Record(new WebhookTimingBreakdown { Endpoint = "twilio", Total = Ms(800), Phases = [new(WebhookPhase.Validation, Ms(80))] });

        var endpoints = monitor.GetSummary().Endpoints.ToDictionary(endpoint => endpoint.Endpoint);

        endpoints["github"].Phases.Select(phase => (phase.Name, phase.Count, Math.Round(phase.SharePercent, 1))).Should().Equal(("RedisOperation", 1, 50.0), ("Validation", 1, 25.0));
        endpoints["github"].Phases[1].P95.Should().Be(Ms(150));
        endpoints["github"].Phases[1].AverageSelf.Should().Be(Ms(50));
        endpoints["twilio"].Phases.Select(phase => (phase.Name, Math.Round(phase.SharePercent, 1))).Should().Equal(("Validation", 10.0));
    }

    [Fact]
    public void Pairs_of_endpoint_and_phase_are_bounded_and_counted()
    {
        var monitor = New();
        for (var endpoint = 0; endpoint < 100; endpoint++)
        {
            for (var phase = 0; phase < 10; phase++)
            {
                monitor.Record(new WebhookTimingBreakdown { Endpoint = $"e{endpoint}", Total = Ms(1), Phases = [new($"p{phase}", Ms(1))] });
            }
        }

        var summary = monitor.GetSummary();
        summary.Endpoints.Sum(endpoint => endpoint.Phases.Count).Should().Be(255);
        summary.OverflowedPhases.Should().Be(1000 - 255);
        summary.Phases.Should().HaveCount(10).And.OnlyContain(phase => phase.Count == 100);
    }

    [Fact]
    public void Names_of_any_kind_do_no_harm()
    {
        var monitor = New();
        foreach (var name in (string[])["a\nb", "", new string('x', 10_000), "\0"])
        {
            monitor.Record(new WebhookTimingBreakdown { Endpoint = name, Total = Ms(1), Phases = [new(name, Ms(1))] });
        }

        monitor.GetSummary().Count.Should().Be(4);
    }

    [Fact]
    public void Recording_allocates_nothing_once_names_are_known_and_faster_ones_fill_the_list()
    {
        var monitor = New();
        var breakdown = new WebhookTimingBreakdown { Endpoint = "github", Total = Ms(5), Phases = [new(WebhookPhase.Validation, Ms(1))] };
        Record(monitor, [.. Enumerable.Repeat(10.0, 20)]);
        monitor.Record(breakdown);

        Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                monitor.Record(breakdown);
            }
        }).Should().Be(0);
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static void Record(WebhookMonitor monitor, params double[] milliseconds)
    {
        foreach (var total in milliseconds)
        {
            monitor.Record(new WebhookTimingBreakdown { Endpoint = "github", Total = Ms(total), Phases = [new(WebhookPhase.Validation, Ms(total / 2))] });
        }
    }

    private WebhookMonitor New(WebhookOptions? options = null) => new(_clock, options ?? new WebhookOptions());

    // As the monitor's loop does it: what came in a second is looked at when it is over.
    private void Second(WebhookMonitor monitor, int good, int bad)
    {
        Record(monitor, [.. Enumerable.Repeat(100.0, good), .. Enumerable.Repeat(1_000.0, bad)]);
        _time.Advance(TimeSpan.FromSeconds(1));
        monitor.Tick();
    }
}
