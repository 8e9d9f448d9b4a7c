using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.Alerts.Suppression;
using Monitoring.History;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Alerts.Suppression;

public sealed class AlertSuppressorTests : IDisposable
{
    private static readonly Alert Circuit = SomeAlert.Of("circuit-state", "main", AlertSeverity.Critical, AlertCategory.CircuitBreaker) with
    {
        Labels = new Dictionary<string, string> { ["dependency"] = "redis" },
    };

    private static readonly Alert Latency = SomeAlert.Of("redis-operation-latency", "get", AlertSeverity.Critical, AlertCategory.Redis, age: 2);
    private static readonly Alert Failures = SomeAlert.Of("redis-failure-rate", null, AlertSeverity.Critical, AlertCategory.Redis, age: 1);
    private static readonly Alert Webhook = SomeAlert.Of("webhook-response-time", "github", AlertSeverity.Warning, AlertCategory.Webhook);
    private static readonly Alert Queue = SomeAlert.Of("task-queue-depth", "orders", AlertSeverity.Critical, AlertCategory.TaskQueue);

    private readonly FakeClock _clock = new();
    private readonly StateJournal _journal;
    private readonly AlertSilences _silences;
    private readonly AlertOptions _options = new();
    private AlertSuppressor? _suppressor;

    public AlertSuppressorTests()
    {
        var errors = new InternalErrors(NullLogger.Instance, _clock);
        _journal = new StateJournal(new InMemoryStateStore(), errors);
        _silences = new AlertSilences(_clock, _journal, new AuditLog(_clock), errors);
    }

    [Fact]
    public void An_open_circuit_of_redis_explains_what_is_behind_it()
    {
        Quiet(Circuit, Latency, Failures, Webhook, Queue).Should().Equal(
            (Latency.Key, Circuit.Key), (Failures.Key, Circuit.Key), (Webhook.Key, Circuit.Key), (Queue.Key, Circuit.Key));
    }

    [Fact]
    public void A_circuit_of_something_else_explains_nothing_of_redis() =>
        Quiet(Circuit with { Labels = new Dictionary<string, string>() }, Latency, Failures with { Severity = AlertSeverity.Warning }, Webhook, Queue).Should().BeEmpty();

    [Fact]
    public void Commands_that_fail_explain_what_is_behind_them_while_that_is_critical()
    {
        Quiet(Failures, Latency, Webhook, Queue).Should().Equal((Latency.Key, Failures.Key), (Webhook.Key, Failures.Key), (Queue.Key, Failures.Key));
        Fresh();
        Quiet(Failures with { Severity = AlertSeverity.Warning }, Latency, Webhook, Queue).Should().BeEmpty();
    }

    [Fact]
    public void Other_alerts_are_not_explained() =>
        Quiet(Circuit, SomeAlert.Of("redis-memory", "a:1", category: AlertCategory.Redis), SomeAlert.Of("orders-lost", category: AlertCategory.Webhook)).Should().BeEmpty();

    [Fact]
    public void The_default_causes_can_be_switched_off()
    {
        _options.UseDefaultInhibitions = false;
        Quiet(Circuit, Latency, Queue).Should().BeEmpty();
    }

    [Fact]
    public void What_fired_before_its_cause_becomes_quiet_with_it_and_stays_so_for_a_while_after_it()
    {
        Quiet(Latency).Should().BeEmpty();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Quiet(Latency, Circuit).Should().Equal((Latency.Key, Circuit.Key));

        // RecoveryWindow and KeepFiringFor.
        _clock.Advance(TimeSpan.FromSeconds(15));
        Quiet(Latency, Webhook).Should().Equal((Latency.Key, Circuit.Key), (Webhook.Key, Circuit.Key));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Quiet(Latency, Webhook).Should().BeEmpty();
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_lengthen_the_while()
    {
        Quiet(Latency, Circuit).Should().HaveCount(1);
        _clock.JumpWallClock(TimeSpan.FromHours(-1));

        Quiet(Latency).Should().BeEmpty();
    }

    [Fact]
    public void A_cause_that_steps_down_explains_for_a_while_what_it_explained()
    {
        Explains("alertname=a", "alertname=b");
        var (a, b) = (SomeAlert.Of("a", severity: AlertSeverity.Critical), SomeAlert.Of("b", severity: AlertSeverity.Critical));
        Quiet(a, b).Should().Equal((b.Key, a.Key));
        a = a with { Severity = AlertSeverity.Warning };

        _clock.Advance(TimeSpan.FromSeconds(15));
        Quiet(a, b).Should().Equal((b.Key, a.Key));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Quiet(a, b).Should().BeEmpty();
        Quiet(a, b with { Severity = AlertSeverity.Warning }).Should().Equal((b.Key, a.Key));
    }

    [Fact]
    public void A_critical_alert_is_not_explained_by_a_warning()
    {
        Explains("alertname=a", "alertname=b");
        Quiet(SomeAlert.Of("a"), SomeAlert.Of("b", severity: AlertSeverity.Critical)).Should().BeEmpty();
    }

    [Fact]
    public void No_alert_explains_itself_but_another_one_of_its_kind_may()
    {
        Explains("alertname=a", "alertname=a");
        Quiet(SomeAlert.Of("a", "1")).Should().BeEmpty();
        Quiet(SomeAlert.Of("a", "1"), SomeAlert.Of("a", "2", age: 5)).Should().Equal(("a.1", "a.2"));
    }

    [Theory]
    [InlineData("a=b b=a")]
    [InlineData("a=b b=c c=a")]
    [InlineData("a=b b=c c=a b=a c=b a=c")]
    public void In_a_circle_one_stays_loud_and_the_others_name_it(string circle)
    {
        foreach (var rule in circle.Split(' '))
        {
            Explains($"alertname={rule.Split('=')[0]}", $"alertname={rule.Split('=')[1]}");
        }

        Alert[] alerts = [SomeAlert.Of("a"), SomeAlert.Of("b", age: 5), SomeAlert.Of("c", age: 3)];
        alerts = [.. alerts.Where(alert => circle.Contains(alert.Rule, StringComparison.Ordinal))];

        // The oldest one.
        Quiet(alerts).Should().BeEquivalentTo(alerts.Where(alert => alert.Rule != "b").Select(alert => (alert.Key, "b")));
        alerts[0] = alerts[0] with { Severity = AlertSeverity.Critical };
        Quiet(alerts).Should().NotContain(quiet => quiet.Key == "a", "it is the most severe one");
    }

    [Fact]
    public void Whatever_explains_what_no_alert_is_quiet_without_a_loud_or_ended_one_at_the_end()
    {
        var random = new Random(1);
        string[] rules = ["a", "b", "c", "d", "e"];
        for (var turn = 0; turn < 200; turn++)
        {
            Fresh();
            _options.Inhibitions.Clear();
            for (var i = 0; i < 6; i++)
            {
                Explains($"alertname={rules[random.Next(5)]}", $"alertname={rules[random.Next(5)]}");
            }

            var seen = new HashSet<string>();
            for (var second = 0; second < 40; second++)
            {
                _clock.Advance(TimeSpan.FromSeconds(random.Next(8)));
                Alert[] active = [.. rules.Where(_ => random.Next(3) > 0).Select(rule => SomeAlert.Of(rule, null, (AlertSeverity)random.Next(1, 3), age: random.Next(3)))];
                var quiet = Quiet(active).ToDictionary();

                var keys = active.Select(alert => alert.Key).ToList();
                quiet.Values.Should().BeSubsetOf(keys.Except(quiet.Keys).Union(seen.Except(keys)));
                seen.UnionWith(keys);
            }
        }
    }

    [Fact]
    public void The_end_of_a_chain_is_named()
    {
        Explains("alertname=a", "alertname=b");
        Explains("alertname=b", "alertname=c");
        Quiet(SomeAlert.Of("c", age: 9), SomeAlert.Of("b", age: 8), SomeAlert.Of("a")).Should().Equal(("c", "a"), ("b", "a"));

        // Also when what is in between is over before.
        Quiet(SomeAlert.Of("c", age: 9), SomeAlert.Of("a")).Should().Equal(("c", "a"));
    }

    [Fact]
    public void Labels_can_be_asked_to_be_alike()
    {
        Explains("alertname=a", "alertname=b", "instance");
        Quiet(SomeAlert.Of("a", "1"), SomeAlert.Of("b", "1"), SomeAlert.Of("b", "2"), SomeAlert.Of("b")).Should().Equal(("b.1", "a.1"));
    }

    [Fact]
    public void A_silence_keeps_what_it_matches_quiet_from_its_start_to_its_end()
    {
        var silence = _silences.Add(new Silence
        {
            Matchers = [new("alertname", "redis-.*", IsRegex: true)],
            StartsAt = _clock.GetUtcNow().AddSeconds(10),
            EndsAt = _clock.GetUtcNow().AddSeconds(20),
            Author = "alice",
            Reason = "failover",
        });
        Quiet(Latency, Queue).Should().BeEmpty();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Quiet(Latency, Queue).Should().Equal((Latency.Key, silence.Id));
        _clock.Advance(TimeSpan.FromSeconds(9));
        Quiet(Latency, Queue).Should().HaveCount(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Quiet(Latency, Queue).Should().BeEmpty();
    }

    [Fact]
    public void A_silence_is_looked_at_anew_when_it_or_the_alert_changes()
    {
        var silence = _silences.Add(new Silence { Matchers = [new("severity", "warning")], EndsAt = _clock.GetUtcNow().AddHours(1), Author = "alice", Reason = "noise" });
        Quiet(Webhook).Should().HaveCount(1);
        Quiet(Webhook with { Severity = AlertSeverity.Critical }).Should().BeEmpty();
        _silences.Update(silence with { Matchers = [new("severity", "critical")] });
        Quiet(Webhook with { Severity = AlertSeverity.Critical }).Should().HaveCount(1);
        _silences.Expire(silence.Id);
        Quiet(Webhook with { Severity = AlertSeverity.Critical }).Should().BeEmpty();
    }

    [Fact]
    public void A_silence_goes_before_maintenance_and_that_before_a_cause_and_a_silenced_cause_explains()
    {
        Window("nightly");
        var silence = _silences.Add(new Silence { Matchers = [new("alertname", "circuit-state")], EndsAt = _clock.GetUtcNow().AddHours(2), Author = "alice", Reason = "known" });

        Reasons(Circuit, Latency).Should().Equal((AlertSuppressionReason.Silence, silence.Id), (AlertSuppressionReason.Maintenance, "nightly"));
        _clock.Advance(TimeSpan.FromHours(1));
        Reasons(Circuit, Latency).Should().Equal((AlertSuppressionReason.Silence, silence.Id), (AlertSuppressionReason.Inhibition, Circuit.Key));
    }

    [Fact]
    public void Changed_settings_are_taken_over()
    {
        Quiet(Circuit, Latency).Should().HaveCount(1);
        _options.UseDefaultInhibitions = false;
        Window("nightly", "category=redis");
        _suppressor!.Reload(_options);

        Reasons(Circuit, Latency).Should().Equal(null, (AlertSuppressionReason.Maintenance, "nightly"));
    }

    [Fact]
    public void What_is_explained_stays_so_through_a_reload_that_does_not_concern_it()
    {
        Quiet(Circuit, Latency).Should().HaveCount(1);
        _options.For = TimeSpan.FromSeconds(1);
        _suppressor!.Reload(_options);

        Quiet(Latency).Should().HaveCount(1);
    }

    [Fact]
    public void The_answer_is_the_same_object_as_long_as_it_is_the_same_answer()
    {
        Quiet(Circuit, Latency);
        var answer = _suppressor!.Find(Latency, _clock.GetUtcNow());
        Quiet(Circuit, Latency);

        _suppressor.Find(Latency, _clock.GetUtcNow()).Should().BeSameAs(answer);
    }

    public void Dispose() => _journal.Dispose();

    private void Fresh() => _suppressor = null;

    private void Explains(string source, string target, params string[] equal)
    {
        var rule = new AlertInhibitionOptions { Source = { source }, Target = { target } };
        Array.ForEach(equal, rule.Equal.Add);
        _options.Inhibitions.Add(rule);
    }

    private void Window(string name, params string[] matchers)
    {
        var window = new MaintenanceWindowOptions { Name = name };
        Array.ForEach(matchers, window.Matchers.Add);
        _options.MaintenanceWindows.Add(window);
    }

    private IEnumerable<(AlertSuppressionReason Reason, string By)?> Reasons(params Alert[] active)
    {
        _suppressor ??= new AlertSuppressor(_options, _silences);
        _suppressor.Prepare(active, _clock.GetUtcNow());
        return [.. active.Select(alert => _suppressor.Find(alert, _clock.GetUtcNow()) is { } found ? (found.Reason, found.By) : ((AlertSuppressionReason, string)?)null)];
    }

    private IEnumerable<(string Key, string By)> Quiet(params Alert[] active) =>
        [.. active.Zip(Reasons(active)).Where(pair => pair.Second is not null).Select(pair => (pair.First.Key, pair.Second!.Value.By))];
}
