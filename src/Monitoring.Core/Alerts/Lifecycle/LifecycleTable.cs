using static Monitoring.Alerts.Lifecycle.AlertEffect;
using static Monitoring.Alerts.Lifecycle.AlertInput;
using static Monitoring.Alerts.Lifecycle.AlertPhase;
using static Monitoring.Alerts.Lifecycle.LifecycleGuard;

namespace Monitoring.Alerts.Lifecycle;

/// <summary>One line of the table: where a series goes from where it is, on what, and if what.</summary>
internal readonly record struct LifecycleRow(AlertPhase From, AlertInput On, LifecycleGuard If, AlertPhase To, AlertEffect Effect);

/// <summary>
/// The life of an alert as a table, which <see cref="AlertLifecycle"/> executes and docs/alerts.md draws. Each pair of phase
/// and input has its rows, of which the first one whose guard holds applies; the last one has none.
/// </summary>
internal static class LifecycleTable
{
    private static readonly int Inputs = Enum.GetValues<AlertInput>().Length;

    public static readonly IReadOnlyList<LifecycleRow> Rows =
    [
        new(Inactive, Breach, ForIsOver, Firing, Fired),
        new(Inactive, Breach, Always, Pending, Pended),
        new(Inactive, Hold, Always, Inactive, None),
        new(Inactive, Clear, Always, Inactive, None),
        new(Inactive, NoDataKeeps, Always, Inactive, None),
        new(Inactive, NoDataAlerts, ForIsOver, NoData, Fired),
        new(Inactive, NoDataAlerts, Always, Pending, Pended),
        new(Inactive, Unknown, Always, Inactive, None),
        new(Inactive, Resolve, Always, Inactive, None),
        new(Inactive, Acknowledge, Always, Inactive, None),
        new(Inactive, Remove, Always, Inactive, None),

        new(Pending, Breach, ForIsOver, Firing, Fired),
        new(Pending, Breach, Always, Pending, None),
        new(Pending, Hold, Always, Inactive, Cancelled),
        new(Pending, Clear, Always, Inactive, Cancelled),
        new(Pending, NoDataKeeps, Always, Pending, None),
        new(Pending, NoDataAlerts, ForIsOver, NoData, Fired),
        new(Pending, NoDataAlerts, Always, Pending, None),
        new(Pending, Unknown, Always, Pending, None),
        new(Pending, Resolve, Always, Pending, None),
        new(Pending, Acknowledge, Always, Pending, None),
        new(Pending, Remove, Always, Inactive, Cancelled),

        new(Firing, Breach, SeverityDiffers, Firing, SeverityChanged),
        new(Firing, Breach, Always, Firing, None),
        new(Firing, Hold, SeverityDiffers, Firing, SeverityChanged),
        new(Firing, Hold, Always, Firing, None),
        new(Firing, Clear, QuietForLong, Inactive, Resolved),
        new(Firing, Clear, Always, AlertPhase.Recovering, AlertEffect.Recovering),
        new(Firing, NoDataKeeps, Always, NoData, LostData),
        new(Firing, NoDataAlerts, Always, NoData, LostData),
        new(Firing, Unknown, Always, Firing, None),
        new(Firing, Resolve, Always, Held, Resolved),
        new(Firing, Acknowledge, Always, Firing, Acknowledged),
        new(Firing, Remove, Always, Inactive, Resolved),

        new(AlertPhase.Recovering, Breach, SeverityDiffers, Firing, SeverityChanged),
        new(AlertPhase.Recovering, Breach, Always, Firing, Relapsed),
        new(AlertPhase.Recovering, Hold, SeverityDiffers, Firing, SeverityChanged),
        new(AlertPhase.Recovering, Hold, Always, Firing, Relapsed),
        new(AlertPhase.Recovering, Clear, QuietForLong, Inactive, Resolved),
        new(AlertPhase.Recovering, Clear, Always, AlertPhase.Recovering, None),
        new(AlertPhase.Recovering, NoDataKeeps, Always, NoData, LostData),
        new(AlertPhase.Recovering, NoDataAlerts, Always, NoData, LostData),
        new(AlertPhase.Recovering, Unknown, Always, AlertPhase.Recovering, None),
        new(AlertPhase.Recovering, Resolve, Always, Held, Resolved),
        new(AlertPhase.Recovering, Acknowledge, Always, AlertPhase.Recovering, Acknowledged),
        new(AlertPhase.Recovering, Remove, Always, Inactive, Resolved),

        new(NoData, Breach, SeverityDiffers, Firing, SeverityChanged),
        new(NoData, Breach, Always, Firing, Relapsed),
        new(NoData, Hold, Always, Firing, Relapsed),
        new(NoData, Clear, QuietForLong, Inactive, Resolved),
        new(NoData, Clear, Always, AlertPhase.Recovering, AlertEffect.Recovering),
        new(NoData, NoDataKeeps, Always, NoData, None),
        new(NoData, NoDataAlerts, Always, NoData, None),
        new(NoData, Unknown, Always, NoData, None),
        new(NoData, Resolve, Always, Held, Resolved),
        new(NoData, Acknowledge, Always, NoData, Acknowledged),
        new(NoData, Remove, Always, Inactive, Resolved),

        new(Held, Breach, ReopenIsDue, Firing, Fired),
        new(Held, Breach, Always, Held, None),
        new(Held, Hold, Always, Held, None),
        new(Held, Clear, QuietForLong, Inactive, Rearmed),
        new(Held, Clear, Always, Held, None),
        new(Held, NoDataKeeps, Always, Held, None),
        new(Held, NoDataAlerts, ReopenIsDue, NoData, Fired),
        new(Held, NoDataAlerts, Always, Held, None),
        new(Held, Unknown, Always, Held, None),
        new(Held, Resolve, Always, Held, None),
        new(Held, Acknowledge, Always, Held, None),
        new(Held, Remove, Always, Inactive, Rearmed),
    ];

    private static readonly LifecycleRow[][] Cells = MakeCells();

    /// <summary>The rows of a phase and an input, in their order. Allocates nothing.</summary>
    public static ReadOnlySpan<LifecycleRow> Find(AlertPhase from, AlertInput on) => Cells[(int)from * Inputs + (int)on];

    private static LifecycleRow[][] MakeCells()
    {
        var cells = new LifecycleRow[Enum.GetValues<AlertPhase>().Length * Inputs][];
        Array.Fill(cells, []);
        foreach (var cell in Rows.GroupBy(static row => (int)row.From * Inputs + (int)row.On))
        {
            cells[cell.Key] = [.. cell];
        }

        return cells;
    }
}
