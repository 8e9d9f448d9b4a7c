using System.Text;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>What kind of metric it is, by the names of the exposition formats.</summary>
internal enum MetricType
{
    /// <summary>Only grows, from the start of the process.</summary>
    Counter,

    /// <summary>A value of now, or of the last minute where its help says so.</summary>
    Gauge,

    /// <summary>Counts by upper bound, with sum and count; all since the start.</summary>
    Histogram,

    /// <summary>Sum and count since the start, without quantiles.</summary>
    Summary,

    /// <summary>Always 1; its labels are what it says.</summary>
    Info,
}

/// <summary>One exported metric: <see cref="Name"/> is that of its family, samples of some types have a suffix besides.</summary>
internal sealed class Metric
{
    /// <param name="name">Name of the family, with its unit, without the suffix of its type.</param>
    /// <param name="type">Its type.</param>
    /// <param name="unit">Its unit, which the name ends in; empty for a count or a state.</param>
    /// <param name="help">What it is, in a sentence without quotes, backslashes and line ends, which the two formats escape differently.</param>
    /// <param name="labels">Names of its labels, in the order of the values.</param>
    public Metric(string name, MetricType type, string unit, string help, params string[] labels)
    {
        Name = name;
        Type = type;
        Unit = unit;
        Help = help;
        Labels = labels;
        SampleName = type switch { MetricType.Counter => $"{name}_total", MetricType.Info => $"{name}_info", _ => name };
        TextHeader = Encoding.UTF8.GetBytes($"# HELP {SampleName} {help}\n# TYPE {SampleName} {(type == MetricType.Info ? "gauge" : NameOf(type))}\n");
        OpenMetricsHeader = Encoding.UTF8.GetBytes($"# TYPE {name} {NameOf(type)}\n{(unit.Length > 0 ? $"# UNIT {name} {unit}\n" : "")}# HELP {name} {help}\n");
    }

    public string Name { get; }

    public MetricType Type { get; }

    public string Unit { get; }

    public string Help { get; }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>Name of its samples; histograms and summaries have others besides.</summary>
    public string SampleName { get; }

    /// <summary>All names that its samples have.</summary>
    public IEnumerable<string> SampleNames => Type switch
    {
        MetricType.Histogram => [$"{Name}_bucket", $"{Name}_sum", $"{Name}_count"],
        MetricType.Summary => [$"{Name}_sum", $"{Name}_count"],
        _ => [SampleName],
    };

    /// <summary>What stands before its samples in the text format.</summary>
    public ReadOnlyMemory<byte> TextHeader { get; }

    /// <summary>What stands before its samples in OpenMetrics.</summary>
    public ReadOnlyMemory<byte> OpenMetricsHeader { get; }

    /// <summary>The type as docs and formats spell it.</summary>
    public static string NameOf(MetricType type) => type switch
    {
        MetricType.Counter => "counter",
        MetricType.Histogram => "histogram",
        MetricType.Summary => "summary",
        MetricType.Info => "info",
        _ => "gauge",
    };
}
