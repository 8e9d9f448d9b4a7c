using Monitoring.Alerts;
using Monitoring.Alerts.Lifecycle;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.Alerts;

/// <summary>What alerts show of their lives, and what channels would hear.</summary>
public sealed class AlertLifeTests : IDisposable
{
    private const string Key = "redis-operation-latency.get";
    private const string Rule = "redis-operation-latency";

    private readonly LifecycleStage _stage = new();

    private Alert Only => _stage.Active.Should().ContainSingle().Subject;

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void A_pending_alert_is_shown_and_told_to_nobody_until_it_fires()
    {
        SetRule(rule => rule.For = TimeSpan.FromSeconds(10));
        _stage.Latency(120);
        _stage.Run(seconds: 10);

        var pending = _stage.Registry.GetAlerts(static life => life.Phase == AlertPhase.Pending).Should().ContainSingle().Subject;
        pending.State.Should().Be(AlertState.Pending);
        _stage.Registry.Find(Key).Should().BeSameAs(pending);
        _stage.Resolve(Key).Should().Be(AlertResolveOutcome.NotFound);
        _stage.Acknowledge(Key).Should().Be(AlertAcknowledgeOutcome.NotFound);
        (_stage.Active, _stage.Told).Should().BeEquivalentTo((Array.Empty<Alert>(), Array.Empty<Alert>()));

        _stage.Run(seconds: 1);
        Only.Should().BeEquivalentTo(new { pending.Id, State = AlertState.Firing, StartedAt = _stage.Clock.GetUtcNow(), Occurrences = 1L });
        Kinds(Only).Should().Equal(AlertEventKind.Pending, AlertEventKind.Fired);
        _stage.Told.Should().ContainSingle();
    }

    [Fact]
    public void A_pending_alert_whose_condition_goes_away_leaves_nothing_behind()
    {
        SetRule(rule => rule.For = TimeSpan.FromSeconds(10));
        _stage.Latency(120);
        _stage.Run(seconds: 5);
        _stage.Latency(95);
        _stage.Run(seconds: 1);

        _stage.Registry.Find(Key).Should().BeNull();
        _stage.Registry.GetResolved().Should().BeEmpty();
    }

    [Fact]
    public void Each_time_it_fires_is_another_alert_of_the_same_key()
    {
        foreach (var value in new[] { 120, 20, 120, 20, 120 })
        {
            _stage.Latency(value);
            _stage.Run(seconds: 7);
        }

        string[] ids = [Only.Id, .. _stage.Registry.GetResolved().Select(alert => alert.Id)];
        ids.Should().HaveCount(3).And.OnlyHaveUniqueItems();
        _stage.Told.Should().OnlyContain(alert => alert.Key == Key).And.HaveCount(5);
    }

    [Fact]
    public void A_series_without_data_keeps_its_alert_when_its_rule_says_so()
    {
        SetRule(rule => rule.NoData = AlertNoData.Keep);
        _stage.Latency(120);
        _stage.Run(seconds: 1);
        _stage.Source.Clear();
        _stage.Run(seconds: 1000);
        Only.State.Should().Be(AlertState.NoData);
        Only.Occurrences.Should().Be(1);
        Only.Message.Should().Be("No data any more. Before: Redis GET: 95th percentile of latency is 120 ms; the warning threshold is 100 ms.");

        _stage.Latency(20);
        _stage.Run(seconds: 6);
        _stage.Active.Should().BeEmpty();
        Kinds(_stage.Told[^1]).Should().Equal(AlertEventKind.Fired, AlertEventKind.NoData, AlertEventKind.Recovering, AlertEventKind.Resolved);
    }

    [Fact]
    public void A_series_that_falls_silent_is_an_alert_when_its_rule_says_so_and_only_when_it_had_given_data()
    {
        SetRule(rule => (rule.NoData, rule.For) = (AlertNoData.Alert, TimeSpan.FromSeconds(3)));
        _stage.Run(seconds: 10);
        _stage.Latency(20);
        _stage.Run(seconds: 10);
        _stage.Source.Clear();
        _stage.Run(seconds: 3);
        _stage.Told.Should().BeEmpty();

        _stage.Run(seconds: 1);
        Only.Should().BeEquivalentTo(new { State = AlertState.NoData, Severity = AlertSeverity.Warning, Value = 20.0 });
        _stage.Restart();
        _stage.Run(seconds: 10);
        Only.State.Should().Be(AlertState.NoData);
        _stage.Resolve(Key).Should().Be(AlertResolveOutcome.Resolved);
        _stage.Restart();
        _stage.Run(seconds: 60);
        _stage.Active.Should().BeEmpty();
        _stage.Told.Select(alert => alert.State).Should().Equal(AlertState.NoData, AlertState.Resolved);
    }

    [Fact]
    public void After_a_restart_silence_counts_only_once_there_were_data_again()
    {
        SetRule(rule => rule.NoData = AlertNoData.Alert);
        _stage.Latency(20);
        _stage.Run(seconds: 5);
        _stage.Source.Clear();
        _stage.Restart();
        _stage.Run(seconds: 60);
        _stage.Told.Should().BeEmpty();

        _stage.Latency(20);
        _stage.Run(seconds: 1);
        _stage.Source.Clear();
        _stage.Run(seconds: 1);
        Only.State.Should().Be(AlertState.NoData);
    }

    [Fact]
    public void A_rule_that_is_switched_off_resolves_its_alerts_and_says_so()
    {
        var rule = SetRule(_ => { });
        _stage.Latency(120, "GET");
        _stage.Latency(120, "SET");
        _stage.Run(seconds: 1);
        _stage.Resolve("redis-operation-latency.set");

        rule.Enabled = false;
        _stage.Reload();
        _stage.Run(seconds: 1);

        _stage.Active.Should().BeEmpty();
        _stage.Told[^1].Should().BeEquivalentTo(new { Key, Resolution = AlertResolution.Automatic, ResolutionNote = AlertEvaluation.RuleRemoved });
        rule.Enabled = true;
        _stage.Reload();
        _stage.Run(seconds: 1);
        _stage.Active.Should().HaveCount(2, "what was held was held under the rule that is gone");
    }

    [Fact]
    public void A_reload_changes_times_and_leaves_alerts_as_they_are()
    {
        var rule = SetRule(rule => rule.KeepFiringFor = TimeSpan.FromMinutes(10));
        _stage.Latency(120);
        _stage.Run(seconds: 1);
        var id = Only.Id;
        _stage.Latency(20);
        _stage.Run(seconds: 30);

        rule.KeepFiringFor = TimeSpan.FromSeconds(40);
        _stage.Reload();
        _stage.Run(seconds: 10);
        Only.Id.Should().Be(id);
        _stage.Run(seconds: 1);
        _stage.Active.Should().BeEmpty();
    }

    [Fact]
    public void An_alert_that_is_silenced_from_the_start_is_never_told_without_its_silence()
    {
        var silence = _stage.Silences.Add(new Silence { Matchers = [new LabelMatcher("instance", "GET")], Author = "ada", Reason = "deployment", EndsAt = _stage.Clock.GetUtcNow().AddSeconds(30) });
        _stage.Latency(120);
        _stage.Run(seconds: 1);

        _stage.Told.Should().ContainSingle().Which.Suppression.Should().Be(new AlertSuppression(AlertSuppressionReason.Silence, silence.Id));
        _stage.Run(seconds: 30);
        _stage.Told.Should().HaveCount(2);
        _stage.Told[1].Suppression.Should().BeNull();
        Kinds(Only).Should().Equal(AlertEventKind.Fired, AlertEventKind.Suppressed, AlertEventKind.Unsuppressed);
        Only.Timeline[1].Note.Should().Be($"Silence: {silence.Id}");
    }

    [Fact]
    public void Acknowledging_says_who_and_when_and_ends_with_the_alert()
    {
        _stage.Latency(120);
        _stage.Run(seconds: 1);

        _stage.Acknowledge(Key).Should().Be(AlertAcknowledgeOutcome.Acknowledged);
        _stage.Acknowledge(Key).Should().Be(AlertAcknowledgeOutcome.AlreadyAcknowledged);
        _stage.Acknowledge("redis-operation-latency.set").Should().Be(AlertAcknowledgeOutcome.NotFound);
        Only.Should().BeEquivalentTo(new { AcknowledgedBy = "bob", AcknowledgedAt = _stage.Clock.GetUtcNow(), State = AlertState.Firing });

        _stage.Latency(700);
        _stage.Run(seconds: 1);
        Only.AcknowledgedBy.Should().Be("bob", "it is the same alert");
        _stage.Latency(20);
        _stage.Run(seconds: 6);
        _stage.Acknowledge(Key).Should().Be(AlertAcknowledgeOutcome.AlreadyResolved);
        _stage.Latency(120);
        _stage.Run(seconds: 1);
        Only.AcknowledgedBy.Should().BeNull();
    }

    [Fact]
    public void A_timeline_keeps_the_first_event_and_the_latest_ones()
    {
        for (var turn = 0; turn < 60; turn++)
        {
            _stage.Latency(turn % 2 == 0 ? 120 : 20);
            _stage.Run(seconds: 1);
        }

        _stage.Registry.NoteEscalated(Key, Only.Id, new Moment(default, _stage.Clock.GetUtcNow()));
        _stage.Registry.NoteEscalated(Key, "another", new Moment(default, _stage.Clock.GetUtcNow()));

        Only.Timeline.Should().HaveCount(50);
        Kinds(Only).Should().StartWith([AlertEventKind.Fired]).And.EndWith([AlertEventKind.Recovering, AlertEventKind.Escalated]);
        Only.Timeline.Select(happened => happened.At).Should().BeInAscendingOrder();
    }

    [Fact]
    public void Where_small_values_are_bad_the_smallest_is_the_peak()
    {
        _stage.Options.Rules.Add(new AlertRuleOptions { Name = "orders", Metric = "orders", Comparison = "below", Warning = 50, Critical = 10, MinimumCount = 1 });
        _stage.Reload();
        foreach (var orders in new[] { 40, 20, 45, 100 })
        {
            _stage.Source.Set(new MetricReading("orders", orders, Count: 100));
            _stage.Run(seconds: 1);
        }

        Only.Should().BeEquivalentTo(new { Value = 100.0, PeakValue = 20.0, State = AlertState.Recovering });
    }

    [Fact]
    public void What_comes_and_goes_under_ever_new_names_is_forgotten_in_time()
    {
        using var stage = new LifecycleStage(options => (options.MaxActive, options.KeepFiringFor, options.ResolvedCapacity) = (10, TimeSpan.Zero, 5));
        var tracked = new List<TrackedSeries>();
        for (var turn = 0; turn < 200; turn++)
        {
            stage.Source.Clear();
            for (var i = 0; i < 10; i++)
            {
                stage.Latency(120, $"operation {turn} {i}");
            }

            stage.Run(seconds: 1);
            stage.Registry.CopyTo(tracked);
            tracked.Count.Should().BeLessThanOrEqualTo(30);
        }

        stage.Source.Clear();
        stage.Clock.Advance(stage.Options.FlapWindow);
        stage.Run(seconds: 2);
        stage.Registry.CopyTo(tracked);
        tracked.Should().BeEmpty();
    }

    [Fact]
    public void Circumstances_are_asked_for_once_an_evaluation_and_only_when_something_fires()
    {
        var asked = 0;
        using var stage = new AlertStage();
        stage.Circumstances = () =>
        {
            asked++;
            return Enumerable.Range(0, 1000).ToDictionary(i => i == 0 ? "latencyCause" : $"circumstance{i}", _ => new string('x', 100_000));
        };
        stage.Run(seconds: 3);
        asked.Should().Be(0);

        stage.Source.Set(new MetricReading(MetricNames.RedisOperationLatency, 120, "GET", Count: 100) { Context = () => new Dictionary<string, string> { ["latencyCause"] = "Network" } });
        stage.Latency(120, "SET");
        stage.Latency(120, "DEL");
        stage.Run(seconds: 3);

        asked.Should().Be(1);
        foreach (var alert in stage.Alerts.GetActive())
        {
            alert.Context.Should().HaveCount(40);
            alert.Context.Values.Should().OnlyContain(value => value.Length <= 500);
            alert.Context["latencyCause"].Should().Be(alert.Instance == "GET" ? "Network" : new string('x', 500), "the reading's own comes first");
        }
    }

    [Fact]
    public void Circumstances_that_throw_are_counted_and_the_alert_fires_all_the_same()
    {
        using var stage = new AlertStage();
        stage.Circumstances = () => throw new InvalidOperationException("broken");
        stage.Latency(120);
        stage.Run(seconds: 1);

        stage.Only.Context.Should().BeEmpty();
        stage.Errors.Count.Should().Be(1);
    }

    private static IEnumerable<AlertEventKind> Kinds(Alert alert) => alert.Timeline.Select(happened => happened.Kind);

    private AlertRuleOptions SetRule(Action<AlertRuleOptions> change)
    {
        var rule = new AlertRuleOptions { Name = Rule };
        change(rule);
        _stage.Options.Rules.Add(rule);
        _stage.Reload();
        return rule;
    }
}
