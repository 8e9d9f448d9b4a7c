using Monitoring.Alerts;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.Alerts;

public sealed class AlertManagerTests : IDisposable
{
    private readonly AlertStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Fires_when_both_windows_breach_and_tells_within_two_seconds()
    {
        _stage.Latency(120);

        _stage.Run(seconds: 2);

        var notice = await _stage.Notices.NextAsync();
        notice.Should().BeEquivalentTo(new
        {
            Key = "redis-operation-latency.get",
            Rule = "redis-operation-latency",
            Instance = "GET",
            Category = AlertCategory.Redis,
            Severity = AlertSeverity.Warning,
            State = AlertState.Firing,
            Metric = MetricNames.RedisOperationLatency,
            Value = 120.0,
            Threshold = 100.0,
            Unit = "ms",
            Occurrences = 1L,
            Message = "Redis GET: 95th percentile of latency is 120 ms; the warning threshold is 100 ms.",
        });
        notice.StartedAt.Should().Be(_stage.Clock.GetUtcNow().AddSeconds(-1));
    }

    [Fact]
    public void Stays_quiet_when_only_the_short_window_breaches()
    {
        var reading = new MetricReading(MetricNames.RedisOperationLatency, 900, "GET", Count: 10);
        _stage.Source.Set(reading, reading with { Value = 20 });

        _stage.Run(seconds: 5);

        _stage.Alerts.GetActive().Should().BeEmpty();
    }

    [Fact]
    public void Asks_for_the_long_window_only_when_something_breaches()
    {
        _stage.Latency(50);
        _stage.Run(seconds: 1);
        _stage.Source.Windows.Should().Equal(TimeSpan.FromSeconds(10));

        _stage.Latency(150);
        _stage.Run(seconds: 1);
        _stage.Source.Windows.Should().Equal(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Changes_severity_in_place()
    {
        _stage.Latency(120);
        _stage.Run(seconds: 1);
        _stage.Latency(700);
        _stage.Run(seconds: 1);

        _stage.Only.Should().BeEquivalentTo(new { Severity = AlertSeverity.Critical, PreviousSeverity = AlertSeverity.Warning, Threshold = 500.0, Occurrences = 2L });
        (await _stage.Notices.RestAsync(_stage.Alerts)).Select(notice => notice.Severity).Should().Equal(AlertSeverity.Warning, AlertSeverity.Critical);
    }

    [Fact]
    public async Task Resolves_by_itself_once_the_value_has_been_well_below_for_long_enough()
    {
        _stage.Latency(120);
        _stage.Run(seconds: 3);
        _stage.Latency(95);
        _stage.Run(seconds: 60);
        _stage.Only.Occurrences.Should().Be(3, "95 ms is below the threshold, and not 10 % below it");

        _stage.Latency(20);
        _stage.Run(seconds: 5);
        _stage.Alerts.GetActive().Should().ContainSingle();
        _stage.Run(seconds: 1);

        _stage.Alerts.GetActive().Should().BeEmpty();
        var resolved = _stage.Alerts.GetResolved().Should().ContainSingle().Subject;
        resolved.Should().BeEquivalentTo(new
        {
            State = AlertState.Resolved,
            Resolution = AlertResolution.Automatic,
            ResolvedAt = _stage.Clock.GetUtcNow(),
            ResolvedBy = (string?)null,
            PeakValue = 120.0,
            Value = 20.0,
            Severity = AlertSeverity.Warning,
            LastSeenAt = resolved.StartedAt.AddSeconds(2),
        });
        (await _stage.Notices.RestAsync(_stage.Alerts)).Select(notice => notice.State).Should().Equal(AlertState.Firing, AlertState.Resolved);
    }

    [Fact]
    public async Task Makes_one_alert_of_a_value_that_dances_on_its_threshold()
    {
        for (var turn = 0; turn < 50; turn++)
        {
            _stage.Latency(turn % 2 == 0 ? 101 : 50);
            _stage.Run(seconds: 1);
        }

        (await _stage.Notices.RestAsync(_stage.Alerts)).Should().ContainSingle();
    }

    [Fact]
    public void Resolves_when_the_series_vanishes_or_has_no_observations()
    {
        _stage.Latency(120, "GET");
        _stage.Latency(120, "SET");
        _stage.Run(seconds: 1);

        _stage.Source.Clear();
        _stage.Source.Set(new MetricReading(MetricNames.RedisOperationLatency, 120, "SET", Count: 0));
        _stage.Run(seconds: 6);

        _stage.Alerts.GetActive().Should().BeEmpty();
        _stage.Alerts.GetResolved().Should().HaveCount(2);
    }

    [Fact]
    public void A_wall_clock_that_jumps_resolves_nothing()
    {
        _stage.Latency(120);
        _stage.Run(seconds: 1);
        _stage.Latency(20);
        _stage.Run(seconds: 1);
        _stage.Clock.JumpWallClock(TimeSpan.FromDays(1));
        _stage.Run(seconds: 1);

        _stage.Alerts.GetActive().Should().ContainSingle();
    }

    [Fact]
    public void A_source_that_throws_neither_stops_the_others_nor_resolves_its_own_alerts()
    {
        _stage.Latency(120);
        _stage.Run(seconds: 1);

        _stage.Source.Failure = new InvalidOperationException("broken");
        _stage.OtherSource.Set(new MetricReading(MetricNames.Backpressure, 1));
        _stage.Run(seconds: 30);

        _stage.Alerts.GetActive().Select(alert => alert.Rule).Should().Equal("redis-operation-latency", "backpressure");
        _stage.Errors.Count.Should().BeGreaterThan(0);
    }

    [Fact]
    public void Asks_for_context_only_when_an_alert_starts_or_changes_severity_and_survives_a_context_that_throws()
    {
        var asked = 0;
        MetricReading Reading(double value) => new(MetricNames.RedisOperationLatency, value, "GET", Count: 100)
        {
            Context = () => ++asked == 2 ? throw new InvalidOperationException("broken") : new Dictionary<string, string> { ["asked"] = $"{asked}" },
        };

        _stage.Source.Set(Reading(120));
        _stage.Run(seconds: 3);
        asked.Should().Be(1);
        _stage.Only.Context.Should().Contain("asked", "1");

        _stage.Source.Set(Reading(600));
        _stage.Run(seconds: 3);
        asked.Should().Be(2);
        _stage.Only.Should().BeEquivalentTo(new { Severity = AlertSeverity.Critical, Context = new Dictionary<string, string> { ["asked"] = "1" } });
    }

    [Fact]
    public void Does_not_merge_two_instances_whose_names_look_alike_in_a_url()
    {
        _stage.Latency(120, "GET");
        _stage.Run(seconds: 1);
        _stage.Latency(130, "get");
        _stage.Latency(140, "g e t");
        _stage.Latency(150, "g/e/t");
        _stage.Run(seconds: 1);

        var active = _stage.Alerts.GetActive();
        active.Select(alert => alert.Key).Should().OnlyHaveUniqueItems().And.AllSatisfy(key => key.Should().MatchRegex("^[a-z0-9._-]+$"));
        active.Select(alert => alert.Instance).Should().BeEquivalentTo("GET", "get", "g e t", "g/e/t");
        active.Single(alert => alert.Instance == "GET").Key.Should().Be("redis-operation-latency.get");
    }

    [Fact]
    public void Does_not_give_the_key_of_a_resolved_alert_to_another_instance()
    {
        _stage.Latency(120, "GET");
        _stage.Run(seconds: 1);
        _stage.Source.Clear();
        _stage.Run(seconds: 6);
        _stage.Latency(120, "get");
        _stage.Run(seconds: 1);

        _stage.Only.Key.Should().StartWith("redis-operation-latency.get-");
    }

    [Fact]
    public void Keeps_a_bounded_number_of_alerts_and_counts_the_rest()
    {
        using var stage = new AlertStage(options => { options.MaxActive = 2; options.ResolvedCapacity = 1; });
        stage.Latency(120, "A");
        stage.Latency(120, "B");
        stage.Latency(120, "C");
        stage.Run(seconds: 1);
        stage.Alerts.GetActive().Should().HaveCount(2);
        stage.Alerts.OverflowCount.Should().Be(1);

        stage.Source.Clear();
        stage.Run(seconds: 6);
        stage.Alerts.GetResolved().Should().ContainSingle();
    }

    [Fact]
    public void Lists_the_most_severe_first_and_counts_them()
    {
        _stage.Latency(120, "A");
        _stage.Run(seconds: 1);
        _stage.Latency(600, "B");
        _stage.Latency(110, "C");
        _stage.Run(seconds: 1);

        _stage.Alerts.GetActive().Select(alert => alert.Instance).Should().Equal("B", "A", "C");
        _stage.Alerts.GetSummary().Should().Be(new AlertSummary(Total: 3, Warning: 2, Critical: 1));
    }

    [Fact]
    public void Ignores_values_that_are_no_numbers_and_metrics_without_a_rule()
    {
        _stage.Latency(double.NaN);
        _stage.Latency(double.PositiveInfinity, "SET");
        _stage.Source.Set(new MetricReading("orders-per-minute", 1e9));

        _stage.Run(seconds: 2);

        _stage.Alerts.GetActive().Should().BeEmpty();
    }

    [Fact]
    public void The_worse_of_two_readings_of_one_series_speaks()
    {
        _stage.Source.Set(new MetricReading(MetricNames.TaskQueueDepth, 900));
        _stage.OtherSource.Set(new MetricReading(MetricNames.TaskQueueDepth, 3));

        _stage.Run(seconds: 2);

        _stage.Only.Should().BeEquivalentTo(new { Severity = AlertSeverity.Critical, Value = 900.0, Occurrences = 2L });
    }
}
