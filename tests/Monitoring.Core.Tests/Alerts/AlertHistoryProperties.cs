using FsCheck;
using FsCheck.Fluent;
using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts;

public sealed class AlertHistoryProperties
{
    // Around both thresholds, around their hysteresis, far off, and nothing at all.
    private static readonly double?[] Values = [null, 0, 85, 95, 100, 300, 440, 460, 500, 5000];

    [Fact]
    public void Whatever_happens_each_alert_fires_once_and_ends_once()
    {
        var step = Gen.Zip(Gen.Elements(Values), Gen.Zip(Gen.Elements("A", "B"), Gen.Choose(0, 59)));
        var histories = Gen.Zip(step.ArrayOf(120), Gen.Elements(0, 3)).ToArbitrary();

        Prop.ForAll(histories, history =>
        {
            var (steps, pending) = history;
            using var stage = new LifecycleStage(options =>
            {
                options.Rules.Add(new AlertRuleOptions { Name = "redis-operation-latency" });
                options.For = TimeSpan.FromSeconds(pending);
                options.KeepFiringFor = TimeSpan.FromSeconds(2);
                options.FlapWindow = TimeSpan.FromMinutes(1);
                options.ReopenAfter = TimeSpan.FromMinutes(1);
            });
            foreach (var (value, (operation, dice)) in steps)
            {
                stage.Latency(value ?? 0, operation);
                if (value is null)
                {
                    stage.Source.Clear();
                }

                stage.Source.Failure = dice == 1 ? new InvalidOperationException() : null;
                stage.Run(seconds: dice == 59 ? 70 : 1 + dice % 3);
                Interfere(stage, dice, $"redis-operation-latency.{operation.ToLowerInvariant()}");
            }

            NoticeRules.Hold(stage.Told, stage.Active);
            var ended = stage.Told.Where(change => change.State == AlertState.Resolved);
            stage.Registry.GetResolved().Select(alert => alert.Id).Should().BeEquivalentTo(ended.Select(alert => alert.Id));
        }).QuickCheckThrowOnFailure();
    }

    private static void Interfere(LifecycleStage stage, int dice, string key)
    {
        switch (dice)
        {
            case 0:
                stage.Resolve(key);
                break;
            case 2:
                stage.Acknowledge(key);
                break;
            case 3:
                stage.Restart();
                break;
            case 4:
                stage.Restart(crash: true);
                break;
            case 5:
                stage.Clock.JumpWallClock(TimeSpan.FromHours(-3));
                break;
            case 6:
                stage.Clock.JumpWallClock(TimeSpan.FromHours(3));
                break;
            case 8:
                stage.Options.Rules[0].Enabled = !stage.Options.Rules[0].Enabled;
                stage.Reload();
                break;
            case 9:
                stage.Options.Rules[0].NoData = stage.Options.Rules[0].NoData is null ? AlertNoData.Keep : AlertNoData.Alert;
                stage.Reload();
                break;
            case 10:
                stage.Silences.Add(new Silence { Matchers = [new LabelMatcher("key", key)], Author = "ada", Reason = "work", EndsAt = stage.Clock.GetUtcNow().AddSeconds(5) });
                break;
            case 7:
                stage.Options.Thresholds.RedisLatencyWarning = stage.Options.Thresholds.RedisLatencyWarning == TimeSpan.FromMilliseconds(100) ? TimeSpan.FromMilliseconds(400) : TimeSpan.FromMilliseconds(100);
                stage.Reload();
                break;
        }
    }
}
