using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Monitoring.Redis;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;

namespace Monitoring.Documentation.Tests;

/// <summary>docs/metrics.md lists every instrument with its kind and unit, and none that does not exist.</summary>
public sealed partial class MetricsTests
{
    [Fact]
    public void The_documentation_lists_every_instrument_with_its_kind_and_unit()
    {
        var instruments = new List<(string, string, string)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is RedisTelemetryNames.Meter or TaskQueueTelemetryNames.Meter)
                {
                    instruments.Add((instrument.Name, KindOf(instrument), instrument.Unit ?? ""));
                }
            },
        };
        using var monitor = PerformanceMonitor.Create();
        listener.Start();

        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "metrics.md"));
        var documented = Row().Matches(text).Select(match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value));

        documented.Should().BeEquivalentTo(instruments.Distinct());
    }

    private static string KindOf(Instrument instrument)
    {
        var name = instrument.GetType().Name;
        return name[..name.IndexOf('`')].Replace("Observable", "");
    }

    [GeneratedRegex(@"^\| `([a-z_.]+)` \| (\w+) \| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
