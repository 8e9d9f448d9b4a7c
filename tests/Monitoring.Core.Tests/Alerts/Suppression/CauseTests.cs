using Monitoring.Alerts;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.Alerts.Suppression;

/// <summary>Causes, silences and who made changes, through the alert manager.</summary>
public sealed class CauseTests : IDisposable
{
    private const string Latency = "redis-operation-latency.get";
    private const string Circuit = "circuit-state.main";

    private readonly AlertStage _stage = new();

    [Fact]
    public void An_outage_of_redis_is_one_alert_with_quiet_ones_behind_it()
    {
        _stage.Latency(700);
        _stage.Run(seconds: 2);
        Find(Latency).Suppression.Should().BeNull();

        SetCircuit(2);
        _stage.Run(seconds: 1);
        Find(Circuit).Suppression.Should().BeNull();
        Find(Latency).Suppression.Should().Be(new AlertSuppression(AlertSuppressionReason.Inhibition, Circuit));

        // The circuit closes, and is resolved before the window of the latency has forgotten the outage.
        SetCircuit(0);
        _stage.Run(seconds: 8);
        Find(Circuit).State.Should().Be(AlertState.Resolved);
        Find(Latency).Should().Match<Alert>(alert => alert.State == AlertState.Firing && alert.Suppression != null);
        _stage.Latency(2);
        _stage.Run(seconds: 7);
        Find(Latency).Should().Match<Alert>(alert => alert.State == AlertState.Resolved);
        Find(Latency).Timeline.Should().NotContain(step => step.Kind == AlertEventKind.Unsuppressed);
    }

    [Fact]
    public void A_silence_that_is_added_keeps_an_alert_quiet_until_it_is_ended()
    {
        _stage.Latency(700);
        _stage.Run(seconds: 2);
        var silence = _stage.Alerts.Silences.Add(new Silence { Matchers = [new("instance", "GET")], EndsAt = _stage.Clock.GetUtcNow().AddHours(1), Author = "alice", Reason = "known" });
        _stage.Run(seconds: 1);
        Find(Latency).Suppression.Should().Be(new AlertSuppression(AlertSuppressionReason.Silence, silence.Id));

        _stage.Alerts.Silences.Expire(silence.Id, "bob");
        _stage.Run(seconds: 1);
        Find(Latency).Suppression.Should().BeNull();
        Find(Latency).Timeline.Select(step => step.Kind).Should().ContainInOrder(AlertEventKind.Suppressed, AlertEventKind.Unsuppressed);
    }

    [Fact]
    public async Task Silences_and_who_made_changes_outlive_a_restart()
    {
        _stage.Latency(700);
        _stage.Run(seconds: 2);
        var silence = _stage.Alerts.Silences.Add(new Silence { Matchers = [new("instance", "GET")], EndsAt = _stage.Clock.GetUtcNow().AddHours(1), Author = "alice", Reason = "known" });
        _stage.Alerts.Acknowledge(Latency, "on it", "bob").Should().Be(AlertAcknowledgeOutcome.Acknowledged);
        _stage.Run(seconds: 1);

        await _stage.RestartAsync();
        _stage.Run(seconds: 1);

        _stage.Alerts.Silences.GetAll().Should().ContainSingle().Which.Id.Should().Be(silence.Id);
        Find(Latency).Suppression!.By.Should().Be(silence.Id);
        (await _stage.Store.ReadAsync("audit", default)).Select(document => document.Value).Should().HaveCount(2).And.Contain(text => text!.Contains("silence.add")).And.Contain(text => text!.Contains("alert.acknowledge"));
    }

    public void Dispose() => _stage.Dispose();

    private Alert Find(string key) => _stage.Alerts.Find(key)!;

    private void SetCircuit(double state) => _stage.Source.Set(new MetricReading(MetricNames.CircuitState, state, "main")
    {
        Labels = new Dictionary<string, string> { [MetricReading.DependencyLabel] = "redis" },
    });
}
