using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts;

public sealed class ManualResolveTests : IDisposable
{
    private const string Key = "redis-operation-latency.get";

    private readonly AlertStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Resolves_with_who_and_why_and_stays_resolved_while_the_condition_holds()
    {
        _stage.Latency(120);
        _stage.Run(seconds: 1);

        _stage.Alerts.Resolve(Key, "scaled up", "ada").Should().BeTrue();
        _stage.Latency(900);
        _stage.Run(seconds: 60);

        _stage.Alerts.GetActive().Should().BeEmpty();
        _stage.Alerts.GetResolved().Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Resolution = AlertResolution.Manual, ResolvedBy = "ada", ResolutionNote = "scaled up", Severity = AlertSeverity.Warning, Occurrences = 1L });
        (await _stage.Notices.RestAsync(_stage.Alerts)).Select(notice => notice.State).Should().Equal(AlertState.Firing, AlertState.Resolved);
    }

    [Fact]
    public void Fires_again_when_the_condition_has_cleared_once()
    {
        _stage.Latency(120);
        _stage.Run(seconds: 1);
        _stage.Alerts.Resolve(Key);
        _stage.Latency(20);
        _stage.Run(seconds: 6);
        _stage.Latency(120);
        _stage.Run(seconds: 1);

        _stage.Only.Should().BeEquivalentTo(new { Key, Occurrences = 1L, ResolvedAt = (DateTimeOffset?)null });
    }

    [Fact]
    public void Tells_unknown_from_already_resolved()
    {
        _stage.Latency(120);
        _stage.Run(seconds: 1);

        _stage.Alerts.TryResolve("redis-operation-latency.set").Should().Be(AlertResolveOutcome.NotFound);
        _stage.Alerts.Resolve("redis-operation-latency.set").Should().BeFalse();
        _stage.Alerts.TryResolve(Key).Should().Be(AlertResolveOutcome.Resolved);
        _stage.Alerts.TryResolve(Key).Should().Be(AlertResolveOutcome.AlreadyResolved);
        _stage.Alerts.Resolve(Key).Should().BeFalse();
        _stage.Source.Clear();
        _stage.Run(seconds: 6);
        _stage.Alerts.TryResolve(Key).Should().Be(AlertResolveOutcome.AlreadyResolved);
        _stage.Alerts.Find(Key)!.State.Should().Be(AlertState.Resolved);
        _stage.Alerts.Find("nothing").Should().BeNull();
    }

    [Fact]
    public void Keeps_no_more_of_a_note_than_fits()
    {
        _stage.Latency(120);
        _stage.Run(seconds: 1);
        _stage.Alerts.Resolve(Key, new string('x', 100_000), new string('y', 100_000));

        var resolved = _stage.Alerts.Find(Key)!;
        resolved.ResolutionNote.Should().HaveLength(1000);
        resolved.ResolvedBy.Should().HaveLength(200);
    }

    [Fact]
    public async Task Resolving_and_acknowledging_by_hand_while_rules_are_evaluated_ends_each_alert_exactly_once()
    {
        using var stage = new LifecycleStage(options => { options.KeepFiringFor = TimeSpan.Zero; options.FlapCount = 100; options.FlapWindow = TimeSpan.FromMinutes(1); });
        using var done = new CancellationTokenSource();
        string[] operations = ["A", "B", "C", "D"];
        var (resolved, acknowledged) = (0, 0);
        var people = Enumerable.Range(0, 2).Select(person => Task.Factory.StartNew(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    foreach (var operation in operations)
                    {
                        var key = $"redis-operation-latency.{operation.ToLowerInvariant()}";
                        Interlocked.Add(ref acknowledged, person == 0 && stage.Acknowledge(key) == AlertAcknowledgeOutcome.Acknowledged ? 1 : 0);
                        Interlocked.Add(ref resolved, person == 1 && stage.Resolve(key) == AlertResolveOutcome.Resolved ? 1 : 0);
                    }
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();

        // Until both have had their share, however the threads are scheduled.
        for (var turn = 0; turn < 4000 || (turn < 1_000_000 && (Volatile.Read(ref resolved) < 10 || Volatile.Read(ref acknowledged) < 10)); turn++)
        {
            foreach (var operation in operations)
            {
                stage.Latency(turn % 3 == 0 ? 20 : turn % 3 == 1 ? 150 : 700, operation);
            }

            stage.Run(seconds: 1);
        }

        await done.CancelAsync();
        await Task.WhenAll(people);
        stage.Told.Count(notice => notice.Resolution == AlertResolution.Manual).Should().Be(resolved).And.BeGreaterThan(0);
        stage.Told.Count(notice => notice.State != AlertState.Resolved && notice.Timeline[^1].Kind == AlertEventKind.Acknowledged).Should().Be(acknowledged).And.BeGreaterThan(0);
        NoticeRules.Hold(stage.Told, stage.Active);
    }
}
