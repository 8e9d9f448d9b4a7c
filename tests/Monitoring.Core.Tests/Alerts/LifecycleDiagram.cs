using System.Text;
using Monitoring.Alerts.Lifecycle;

namespace Monitoring.Core.Tests.Alerts;

/// <summary>Draws the table of the life of an alert as a Mermaid state diagram.</summary>
internal static class LifecycleDiagram
{
    private const string Begin = "```mermaid\nstateDiagram-v2\n";
    private const string End = "```\n";

    public static string Draw()
    {
        var text = new StringBuilder(Begin);
        text.Append("    [*] --> Inactive\n");
        foreach (var arrow in LifecycleTable.Rows.Where(IsDrawn).GroupBy(static row => (row.From, row.To)))
        {
            var labels = arrow.Select(Label).Distinct();
            text.Append($"    {arrow.Key.From} --> {arrow.Key.To}: {string.Join("<br/>", labels)}\n");
        }

        return text.Append(End).ToString();
    }

    /// <summary>The diagram of a page; null when it has none.</summary>
    public static string? In(string page)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : page.IndexOf("\n" + End, begin, StringComparison.Ordinal);
        return end < 0 ? null : page[begin..(end + 1 + End.Length)];
    }

    // What changes nothing is not drawn.
    private static bool IsDrawn(LifecycleRow row) => row.From != row.To || row.Effect != AlertEffect.None;

    private static string Label(LifecycleRow row)
    {
        var label = row.On switch
        {
            AlertInput.Breach => "breaches",
            AlertInput.Hold => "almost well",
            AlertInput.Clear => "well",
            AlertInput.NoDataKeeps => "no data (Keep)",
            AlertInput.NoDataAlerts => "no data (Alert)",
            AlertInput.Unknown => "source fails",
            AlertInput.Resolve => "resolved by hand",
            AlertInput.Acknowledge => "acknowledged by hand",
            _ => "rule removed",
        };
        var guard = row.If switch
        {
            LifecycleGuard.ForIsOver => ", For is over",
            LifecycleGuard.QuietForLong => " for KeepFiringFor",
            LifecycleGuard.SeverityDiffers => ", other severity",
            LifecycleGuard.ReopenIsDue => ", ReopenAfter is over",
            _ => "",
        };
        var effect = row.Effect is AlertEffect.Fired or AlertEffect.Resolved or AlertEffect.SeverityChanged ? $" / {row.Effect}" : "";
        return label + guard + effect;
    }
}
