using Monitoring.Alerts;
using Monitoring.Alerts.Lifecycle;
using Monitoring.Core.Tests.TaskQueues;
using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.Alerts;

/// <summary>What becomes of alerts when the process ends and another one takes up what it has stored.</summary>
public sealed class AlertRestartTests
{
    private const string Key = "redis-operation-latency.get";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_firing_alert_goes_on_as_the_same_alert_and_nobody_is_told_again(bool crash)
    {
        using var stage = new LifecycleStage();
        stage.Latency(120);
        stage.Run(seconds: 1);
        stage.Acknowledge(Key);
        var before = stage.Active.Should().ContainSingle().Subject;
        stage.Told.Should().HaveCount(2);

        stage.Restart(crash, away: TimeSpan.FromMinutes(1));
        stage.Run(seconds: 3);

        var after = stage.Active.Should().ContainSingle().Subject;
        after.Should().BeEquivalentTo(before, options => options.Excluding(alert => alert.LastSeenAt).Excluding(alert => alert.Occurrences));
        after.Occurrences.Should().Be(before.Occurrences + 3);
        stage.Told.Should().HaveCount(2);
    }

    [Fact]
    public void One_whose_condition_is_gone_recovers_after_its_time_counted_from_the_restart()
    {
        using var stage = new LifecycleStage(options => options.KeepFiringFor = TimeSpan.FromSeconds(5));
        stage.Latency(120);
        stage.Run(seconds: 1);
        stage.Latency(20);
        stage.Run(seconds: 4);

        stage.Restart(away: TimeSpan.FromHours(1));
        stage.Run(seconds: 5);
        stage.Active.Should().ContainSingle().Which.State.Should().Be(AlertState.Recovering);
        stage.Run(seconds: 1);

        stage.Active.Should().BeEmpty();
        stage.Told.Select(alert => alert.State).Should().Equal(AlertState.Firing, AlertState.Resolved);
        stage.Told.Select(alert => alert.Id).Distinct().Should().ContainSingle();
    }

    // The cases of Prometheus' TestForStateRestore: the time before the end counts, the time in between does not.
    [Theory]
    [InlineData(20, 0, 10)]
    [InlineData(20, 300, 10)]
    [InlineData(29, 5, 1)]
    [InlineData(5, 3600, 25)]
    public void A_pending_alert_has_the_time_that_it_had(int before, int away, int after)
    {
        using var stage = new LifecycleStage(options => options.For = TimeSpan.FromSeconds(30));
        stage.Latency(120);
        stage.Run(seconds: 1 + before);

        stage.Restart(away: TimeSpan.FromSeconds(away));
        stage.Run(seconds: after - 1);
        stage.Active.Should().BeEmpty();
        stage.Registry.GetAlerts(static life => life.Phase == AlertPhase.Pending).Should().ContainSingle();
        stage.Run(seconds: 1);

        stage.Active.Should().ContainSingle().Which.Timeline.Select(happened => happened.Kind).Should().Equal(AlertEventKind.Pending, AlertEventKind.Fired);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(70, false)]
    public void A_pending_alert_waits_for_data_as_long_as_the_window_is(int silent, bool fires)
    {
        using var stage = new LifecycleStage(options => options.For = TimeSpan.FromSeconds(30));
        stage.Latency(120);
        stage.Run(seconds: 21);
        stage.Source.Clear();

        stage.Restart();
        stage.Run(seconds: silent);
        stage.Latency(120);
        stage.Run(seconds: 5);

        stage.Active.Should().HaveCount(fires ? 1 : 0);
        stage.Registry.GetAlerts(static life => life.Phase == AlertPhase.Pending).Should().HaveCount(fires ? 0 : 1);
    }

    [Fact]
    public void A_manual_resolve_holds_and_fires_again_when_that_is_due()
    {
        using var stage = new LifecycleStage(options => options.ReopenAfter = TimeSpan.FromHours(1));
        stage.Latency(120);
        stage.Run(seconds: 1);
        stage.Resolve(Key).Should().Be(AlertResolveOutcome.Resolved);

        stage.Restart(crash: true, away: TimeSpan.FromMinutes(58));
        stage.Run(seconds: 60);
        stage.Active.Should().BeEmpty();
        stage.Registry.Find(Key)!.ResolvedBy.Should().Be("ada");
        stage.Run(seconds: 60);

        var again = stage.Active.Should().ContainSingle().Subject;
        again.Should().BeEquivalentTo(new { Key, ResolvedAt = (DateTimeOffset?)null, ResolvedBy = (string?)null });
        again.Id.Should().NotBe(stage.Registry.GetResolved().Should().ContainSingle().Subject.Id);
    }

    [Fact]
    public void Firings_before_count_for_flapping_and_a_flapping_alert_stays_one()
    {
        using var stage = new LifecycleStage(options => (options.KeepFiringFor, options.FlapCount) = (TimeSpan.Zero, 3));
        for (var turn = 0; turn < 3; turn++)
        {
            stage.Restart();
            stage.Latency(120);
            stage.Run(seconds: 1);
            stage.Latency(20);
            stage.Run(seconds: 1);
        }

        stage.Restart();
        stage.Run(seconds: 30);

        stage.Told.Where(alert => alert.State == AlertState.Firing).Select(alert => alert.IsFlapping).Should().Equal(false, false, true);
        stage.Active.Should().ContainSingle().Which.IsFlapping.Should().BeTrue();
        stage.Clock.Advance(stage.Options.FlapWindow);
        stage.Run(seconds: 1);
        stage.Active.Should().BeEmpty();
    }

    [Fact]
    public void A_clock_that_was_set_back_makes_nothing_older_or_younger_than_now()
    {
        using var stage = new LifecycleStage(options => (options.For, options.ReopenAfter) = (TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)));
        stage.Latency(120, "GET");
        stage.Run(seconds: 11);
        stage.Resolve(Key);
        stage.Latency(120, "SET");
        stage.Run(seconds: 6);

        stage.Clock.JumpWallClock(TimeSpan.FromDays(-1));
        stage.Restart();
        stage.Run(seconds: 4);
        stage.Active.Should().BeEmpty("the one was resolved by hand, the other one is still pending");
        stage.Run(seconds: 1);
        stage.Active.Should().ContainSingle().Which.Instance.Should().Be("SET");
        stage.Run(seconds: 56);
        stage.Active.Should().HaveCount(2, "the hour begins anew when nobody knows how much of it is over");
    }

    [Fact]
    public void Resolved_alerts_are_still_shown_and_no_more_than_fit()
    {
        using var stage = new LifecycleStage(options => (options.KeepFiringFor, options.ResolvedCapacity) = (TimeSpan.Zero, 2));
        foreach (var operation in new[] { "A", "B", "C" })
        {
            stage.Latency(120, operation);
            stage.Run(seconds: 1);
            stage.Latency(20, operation);
            stage.Run(seconds: 1);
        }

        var before = stage.Registry.GetResolved();
        stage.Restart();

        stage.Registry.GetResolved().Should().BeEquivalentTo(before, options => options.WithStrictOrdering());
        stage.Registry.GetResolved().Select(alert => alert.Instance).Should().Equal("C", "B");
        stage.Registry.Find("redis-operation-latency.c")!.Timeline.Should().HaveCount(2);
    }

    [Fact]
    public async Task Nothing_is_left_in_the_store_of_what_is_forgotten()
    {
        using var stage = new LifecycleStage(options => (options.For, options.KeepFiringFor, options.ResolvedCapacity) = (TimeSpan.FromSeconds(2), TimeSpan.Zero, 1));
        foreach (var operation in new[] { "A", "B", "with space", "naïve", new string('x', 5000) })
        {
            stage.Latency(120, operation);
            stage.Run(seconds: 3);
            stage.Latency(20, operation);
            stage.Run(seconds: 1);
        }

        stage.Clock.Advance(stage.Options.FlapWindow);
        stage.Run(seconds: 1);
        stage.Restart();

        var documents = await stage.Store.ReadAsync("alert", default);
        documents.Should().ContainSingle().Which.Key.Should().StartWith("resolved:");
    }

    [Fact]
    public async Task Values_are_written_once_a_minute_and_at_the_end()
    {
        var store = new CountingStore();
        using var stage = new AlertStage(store);
        stage.Latency(120);
        stage.Run(seconds: 1);
        await Eventually.HoldsAsync(() => store.Written == 1);

        stage.Run(seconds: 59);
        store.Written.Should().Be(1);
        stage.Run(seconds: 1);
        await Eventually.HoldsAsync(() => store.Written == 2);
        stage.Latency(300);
        stage.Run(seconds: 1);
        await stage.RestartAsync();

        store.Written.Should().Be(3);
        stage.Only.Should().BeEquivalentTo(new { Value = 300.0, PeakValue = 300.0, Occurrences = 62L });
    }

    [Fact]
    public async Task Documents_that_cannot_be_read_are_counted_and_left_out()
    {
        using var stage = new LifecycleStage();
        stage.Latency(120);
        stage.Run(seconds: 1);
        stage.Restart();
        var good = (await stage.Store.ReadAsync("alert", default)).Should().ContainSingle().Subject.Value!;
        string[] bad =
        [
            "", "null", "[]", "{", "{}", """{"version":1}""", good.Replace("\"version\":1", "\"version\":2"), good.Replace("\"phase\":\"Firing\"", "\"phase\":\"Dancing\""),
            good.Replace("\"phase\":\"Firing\"", "\"phase\":77"), good.Replace("\"state\":\"Firing\"", "\"state\":\"Resolved\""), good.Replace("\"timeline\":[", "\"timeline\":7,\"x\":["),
            good.Replace("\"level\":\"Warning\"", "\"level\":\"None\""), good[..(good.Length / 2)],
        ];
        bad.Should().OnlyHaveUniqueItems().And.NotContain(good);
        await stage.Store.WriteAsync([.. bad.Select((text, i) => new StateDocument("alert", $"bad{i}", text))], default);
        var errors = stage.ErrorCount;

        stage.Restart();

        stage.ErrorCount.Should().Be(errors + bad.Length);
        stage.Active.Should().ContainSingle();
        stage.Run(seconds: 2);
        stage.Told.Should().ContainSingle();
    }

    [Fact]
    public void What_is_no_number_survives_too()
    {
        using var stage = new LifecycleStage();
        stage.Source.Set(new MetricReading(MetricNames.CircuitState, 2, "redis"));
        stage.Run(seconds: 1);
        var before = stage.Active.Should().ContainSingle().Subject;

        stage.Restart();

        stage.Active.Should().ContainSingle().Which.Should().BeEquivalentTo(before);
    }

    private sealed class CountingStore : IStateStore
    {
        private readonly InMemoryStateStore _store = new();
        private int _written;

        public int Written => Volatile.Read(ref _written);

        public ValueTask<IReadOnlyList<StateDocument>> ReadAsync(string kind, CancellationToken cancellationToken) => _store.ReadAsync(kind, cancellationToken);

        public async ValueTask WriteAsync(IReadOnlyList<StateDocument> documents, CancellationToken cancellationToken)
        {
            await _store.WriteAsync(documents, cancellationToken);
            Interlocked.Add(ref _written, documents.Count(document => document.Kind == "alert"));
        }
    }
}
