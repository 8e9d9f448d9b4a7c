using System.Buffers;
using System.Globalization;
using System.Text;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>
/// Writes samples in one of the two formats, each line as a whole, without a string in between. The samples of one metric
/// follow each other. For one thread at a time.
/// </summary>
internal sealed class ExpositionWriter(IBufferWriter<byte> output, bool openMetrics)
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\"\n");

    private Metric? _metric;
    private bool _hasHeader;

    /// <summary>Begins a metric; its header is written with its first sample.</summary>
    public void Begin(Metric metric)
    {
        _metric = metric;
        _hasHeader = false;
    }

    /// <summary>Writes one sample of a counter, gauge or info.</summary>
    /// <param name="value">The value; null writes nothing, for what is not known is not zero.</param>
    /// <param name="labels">Values of the metric's labels, in their order.</param>
    public void Sample(double? value, params ReadOnlySpan<string> labels)
    {
        if (value is { } known)
        {
            var metric = Header();
            Line(metric.SampleName, "", metric.Labels, labels, null, known);
        }
    }

    /// <summary>Writes a metric of samples that one list gives.</summary>
    public void Each<T>(Metric metric, IReadOnlyList<T> items, Func<T, string> label, Func<T, double?> value)
    {
        Begin(metric);
        for (var i = 0; i < items.Count; i++)
        {
            Sample(value(items[i]), label(items[i]));
        }
    }

    /// <summary>Writes the samples of a summary.</summary>
    public void Summary(long count, double sum, params ReadOnlySpan<string> labels)
    {
        var metric = Header();
        Line(metric.Name, "_sum", metric.Labels, labels, null, sum);
        Line(metric.Name, "_count", metric.Labels, labels, null, count);
    }

    /// <summary>Writes the samples of a histogram.</summary>
    /// <param name="buckets">Upper bounds, ascending, and how many values are at most that.</param>
    /// <param name="count">How many values there are.</param>
    /// <param name="sum">Their sum.</param>
    /// <param name="labels">Values of the metric's labels, in their order.</param>
    public void Histogram(ReadOnlySpan<(string Bound, long Count)> buckets, long count, double sum, params ReadOnlySpan<string> labels)
    {
        var metric = Header();
        foreach (var (bound, atMost) in buckets)
        {
            Line(metric.Name, "_bucket", metric.Labels, labels, bound, Math.Min(atMost, count));
        }

        Line(metric.Name, "_bucket", metric.Labels, labels, "+Inf", count);
        Line(metric.Name, "_sum", metric.Labels, labels, null, sum);
        Line(metric.Name, "_count", metric.Labels, labels, null, count);
    }

    /// <summary>Ends the exposition.</summary>
    public void End()
    {
        if (openMetrics)
        {
            output.Write("# EOF\n"u8);
        }
    }

    private Metric Header()
    {
        var metric = _metric ?? throw new InvalidOperationException("No metric was begun.");
        if (!_hasHeader)
        {
            output.Write((openMetrics ? metric.OpenMetricsHeader : metric.TextHeader).Span);
            _hasHeader = true;
        }

        return metric;
    }

    private void Line(string name, string suffix, IReadOnlyList<string> names, ReadOnlySpan<string> values, string? bound, double value)
    {
        Ascii(name);
        Ascii(suffix);
        var open = '{';
        for (var i = 0; i < names.Count; i++)
        {
            Label(open, names[i], values[i]);
            open = ',';
        }

        if (bound is not null)
        {
            Label(open, "le", bound);
            open = ',';
        }

        output.Write(open == ',' ? "} "u8 : " "u8);
        Number(value);
        output.Write("\n"u8);
    }

    private void Label(char open, string name, string value)
    {
        Span<byte> mark = [(byte)open];
        output.Write(mark);
        Ascii(name);
        output.Write("=\""u8);
        var rest = value.AsSpan();
        for (var at = rest.IndexOfAny(Escaped); at >= 0; at = rest.IndexOfAny(Escaped))
        {
            Encoding.UTF8.GetBytes(rest[..at], output);
            output.Write(rest[at] switch { '\n' => "\\n"u8, '"' => "\\\""u8, _ => "\\\\"u8 });
            rest = rest[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(rest, output);
        output.Write("\""u8);
    }

    private void Ascii(string text)
    {
        var span = output.GetSpan(text.Length);
        output.Advance(Encoding.ASCII.GetBytes(text, span));
    }

    private void Number(double value)
    {
        const int longest = 32;
        var span = output.GetSpan(longest);
        if (double.IsInfinity(value))
        {
            output.Write(value > 0 ? "+Inf"u8 : "-Inf"u8);
        }
        else if (double.IsNaN(value))
        {
            output.Write("NaN"u8);
        }
        else if (value.TryFormat(span, out var written, provider: CultureInfo.InvariantCulture))
        {
            output.Advance(written);
        }
    }
}
