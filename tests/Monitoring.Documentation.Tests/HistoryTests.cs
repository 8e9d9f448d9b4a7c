using System.Text.RegularExpressions;
using Monitoring.History;
using Monitoring.TestSupport;

namespace Monitoring.Documentation.Tests;

/// <summary>docs/history.md lists every metric of the history with its unit, in the order of the code, and none that is not kept.</summary>
public sealed partial class HistoryTests
{
    [Fact]
    public void The_documentation_lists_every_metric_with_its_unit()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "history.md"));
        var documented = Row().Matches(text).Select(static match => (match.Groups[1].Value, match.Groups[2].Value));

        documented.Should().BeEquivalentTo(HistoryMetrics.Names.Select(static metric => (metric, HistoryMetrics.UnitOf(metric))));
    }

    [GeneratedRegex(@"^\| `([a-z-]+)` \| ?(ms|%|/s|) ?\| [a-z0-9]", RegexOptions.Multiline)]
    private static partial Regex Row();
}
