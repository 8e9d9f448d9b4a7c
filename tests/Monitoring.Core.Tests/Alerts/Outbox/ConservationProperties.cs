using FsCheck;
using FsCheck.Fluent;
using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts.Outbox;

/// <summary>
/// Whatever happens, every alert that fired ends, for every channel, as delivered, suppressed or failed, each with its
/// reason, and whoever was told that it fires is told that it is over.
/// </summary>
public sealed class ConservationProperties
{
    [Fact]
    public void Every_alert_that_fired_is_delivered_suppressed_or_failed_and_every_end_is_told()
    {
        var step = Gen.Zip(Gen.Elements(Enum.GetValues<Happening>()), Gen.Choose(0, 1000));
        var histories = step.ArrayOf(60).ToArbitrary();

        Prop.ForAll(histories, steps =>
        {
            using var scenario = new OutboxScenario();
            foreach (var (happening, dice) in steps)
            {
                scenario.Let(happening, dice);
            }

            scenario.HealAndEnd();
            scenario.Check();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }
}
