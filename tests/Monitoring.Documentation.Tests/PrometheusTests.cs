using System.Text.RegularExpressions;
using Monitoring.AspNetCore.Prometheus;
using Monitoring.TestSupport;

namespace Monitoring.Documentation.Tests;

/// <summary>docs/prometheus.md lists every exported metric with its type, unit, labels and meaning, and none that does not exist.</summary>
public sealed partial class PrometheusTests
{
    [Fact]
    public void The_documentation_lists_every_metric_as_it_is_exported()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "prometheus.md"));
        var documented = Row().Matches(text).Select(static match => match.Value.TrimEnd());

        var expected = Exposition.All.Select(static metric =>
            $"| `{metric.SampleName}` | {Metric.NameOf(metric.Type)} | {(metric.Unit.Length > 0 ? metric.Unit : "–")} | {(metric.Labels.Count > 0 ? string.Join(", ", metric.Labels.Select(static label => $"`{label}`")) : "–")} | {metric.Help} |");
        string.Join('\n', documented).Should().Be(string.Join('\n', expected));
    }

    [GeneratedRegex(@"^\| `monitoring_.*$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
