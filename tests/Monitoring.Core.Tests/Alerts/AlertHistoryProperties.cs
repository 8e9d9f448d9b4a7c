using FsCheck;
using FsCheck.Fluent;
using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts;

public sealed class AlertHistoryProperties
{
    // Around both thresholds, around their hysteresis, far off, and nothing at all.
    private static readonly double?[] Values = [null, 0, 85, 95, 100, 300, 440, 460, 500, 5000];

    [Fact]
    public void Whatever_the_readings_and_whoever_resolves_each_alert_ends_exactly_once_and_notices_take_turns()
    {
        var step = Gen.Zip(Gen.Elements(Values), Gen.Zip(Gen.Elements("A", "B"), Gen.Choose(0, 19)));
        var histories = step.ArrayOf(120).ToArbitrary();

        Prop.ForAll(histories, steps =>
        {
            using var stage = new LifecycleStage(options => options.KeepFiringFor = TimeSpan.FromSeconds(2));
            foreach (var (value, (operation, dice)) in steps)
            {
                stage.Latency(value ?? 0, operation);
                if (value is null)
                {
                    stage.Source.Clear();
                }

                stage.Source.Failure = dice == 1 ? new InvalidOperationException() : null;
                stage.Run(seconds: 1 + dice % 3);
                if (dice == 0)
                {
                    stage.Resolve($"redis-operation-latency.{operation.ToLowerInvariant()}");
                }
            }

            NoticeRules.Hold(stage.Told, stage.Active);
            var ended = stage.Told.Where(change => change.State == AlertState.Resolved);
            stage.Registry.GetResolved().Should().Equal(ended.Reverse());
        }).QuickCheckThrowOnFailure();
    }
}
