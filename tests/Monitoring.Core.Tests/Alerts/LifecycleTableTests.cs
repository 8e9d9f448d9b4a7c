using Monitoring.Alerts;
using Monitoring.Alerts.Lifecycle;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Alerts;

/// <summary>Walks the table of the life of an alert: it says something of everything, and the machine does what it says.</summary>
public sealed class LifecycleTableTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(-2);
    private static readonly AlertTimes Times = new(
        For: TimeSpan.FromSeconds(10), KeepFiringFor: TimeSpan.FromSeconds(20), ReopenAfter: TimeSpan.FromSeconds(30), FlapCount: 100, FlapWindow: TimeSpan.FromHours(1));

    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (var phase in Enum.GetNames<AlertPhase>())
            {
                foreach (var input in Enum.GetNames<AlertInput>())
                {
                    cells.Add(phase, input);
                }
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_phase_knows_every_input(string phase, string input)
    {
        var rows = LifecycleTable.Rows.Where(row => row.From.ToString() == phase && row.On.ToString() == input).ToList();

        rows.Should().NotBeEmpty();
        rows[^1].If.Should().Be(LifecycleGuard.Always, "something happens in any case");
        rows.SkipLast(1).Should().NotContain(row => row.If == LifecycleGuard.Always, "the rows after it would never apply");
        rows.Select(row => row.If).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_machine_does_what_each_row_says(string phase, string input)
    {
        foreach (var row in LifecycleTable.Rows.Where(row => row.From.ToString() == phase && row.On.ToString() == input))
        {
            var times = row is { From: AlertPhase.Inactive, If: LifecycleGuard.ForIsOver } ? Times with { For = TimeSpan.Zero } : Times;

            var (next, effect) = LifeWhere(row).Step(SignalOf(row), Now, times);

            (next.Phase, effect).Should().Be((row.To, row.Effect), "{0}", row);
            next.IsActive.Should().Be(row.To is AlertPhase.Firing or AlertPhase.Recovering or AlertPhase.NoData);
            (next.PendingSince is not null).Should().Be(row.To == AlertPhase.Pending);
            (next.HeldSince is not null).Should().Be(row.To == AlertPhase.Held);
            (next.Level > AlertLevel.None).Should().Be(row.To != AlertPhase.Inactive);
        }
    }

    [Fact]
    public void An_alert_fires_before_it_is_anything_else_and_is_resolved_before_it_fires_again()
    {
        static bool HasAlert(AlertPhase phase) => phase is AlertPhase.Firing or AlertPhase.Recovering or AlertPhase.NoData;

        foreach (var row in LifecycleTable.Rows)
        {
            (row.Effect == AlertEffect.Fired).Should().Be(!HasAlert(row.From) && HasAlert(row.To), "{0}", row);
            (row.Effect == AlertEffect.Resolved).Should().Be(HasAlert(row.From) && !HasAlert(row.To), "{0}", row);
        }
    }

    [Fact]
    public void The_page_draws_the_table()
    {
        var path = Path.Combine(Repository.Root, "docs", "alerts.md");
        var page = File.ReadAllText(path);
        var drawn = LifecycleDiagram.In(page);

        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1" && drawn is not null)
        {
            File.WriteAllText(path, page.Replace(drawn, LifecycleDiagram.Draw(), StringComparison.Ordinal));
            return;
        }

        drawn.Should().Be(LifecycleDiagram.Draw(), "this test puts it there when the environment variable WRITE_DOCS is 1");
    }

    // One tick before it would be due, unless the row is about its being due.
    private static AlertLifecycle LifeWhere(LifecycleRow row)
    {
        var early = TimeSpan.FromTicks(1);
        return new AlertLifecycle
        {
            Phase = row.From,
            Level = row.From == AlertPhase.Inactive ? AlertLevel.None : StepsDown(row) ? AlertLevel.Critical : AlertLevel.Warning,
            PendingSince = row.From == AlertPhase.Pending ? Now - Times.For + (row.If == LifecycleGuard.ForIsOver ? default : early) : null,
            HeldSince = row.From == AlertPhase.Held ? Now - Times.ReopenAfter + (row.If == LifecycleGuard.ReopenIsDue ? default : early) : null,
            BelowWarningSince = row.From is AlertPhase.Inactive or AlertPhase.Pending ? null : Now - Times.KeepFiringFor + (row.If == LifecycleGuard.QuietForLong ? default : early),
            BelowCriticalSince = StepsDown(row) ? Now - Times.KeepFiringFor : null,
        };
    }

    private static bool StepsDown(LifecycleRow row) => row is { If: LifecycleGuard.SeverityDiffers, On: AlertInput.Hold };

    private static AlertSignal SignalOf(LifecycleRow row) => row.On switch
    {
        AlertInput.Breach when row.If == LifecycleGuard.SeverityDiffers => AlertSignal.Data(AlertLevel.Critical, AlertLevel.Critical),
        AlertInput.Breach => AlertSignal.Data(AlertLevel.Warning, AlertLevel.Warning),
        AlertInput.Hold => AlertSignal.Data(AlertLevel.None, AlertLevel.Warning),
        AlertInput.Clear => AlertSignal.Data(AlertLevel.None, AlertLevel.None),
        AlertInput.NoDataKeeps => AlertSignal.NoData(AlertNoData.Keep, AlertLevel.Warning),
        AlertInput.NoDataAlerts => AlertSignal.NoData(AlertNoData.Alert, AlertLevel.Warning),
        _ => new AlertSignal(row.On),
    };
}
