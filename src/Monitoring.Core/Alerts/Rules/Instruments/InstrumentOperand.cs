using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules.Instruments;

/// <summary>A statistic of an instrument's measurements.</summary>
internal sealed class InstrumentOperand(InstrumentSelection selection, Statistic statistic, long[] now)
    : Operand($"{selection.Key}#{statistic.Kind}{statistic.Percentile}")
{
    private readonly List<SourcedReading> _readings = [];
    private readonly string _metric = $"{selection.Meter}/{selection.Instrument}";

    public InstrumentSelection Selection => selection;

    public override string? Error => selection.Known is not { } known
        ? $"No instrument '{selection.Instrument}' of a meter '{selection.Meter}' has been published yet."
        : Resolve(known.Kind) is null ? $"'{_metric}' is a {known.Kind}, of which there is no {statistic.Kind}."
        : selection.HasFailed ? "It could not be observed." : null;

    public override long Overflowed => selection.Overflowed;

    public override string? Unit => selection.Known is not { } known ? null : Resolve(known.Kind)?.Kind switch
    {
        StatisticKind.Rate => $"{Shown(known)}/s",
        StatisticKind.Count => "measurements",
        _ => Shown(known),
    };

    public override IReadOnlyList<SourcedReading> Read(TimeSpan window)
    {
        _readings.Clear();
        if (selection.Known is { } known && Resolve(known.Kind) is { } resolved && !selection.HasFailed)
        {
            var second = now[0];
            var from = second - (long)window.TotalSeconds;
            foreach (var series in selection.Series)
            {
                if (Value(series, known.Kind, resolved, from, window) is var (value, count) && double.IsFinite(value))
                {
                    _readings.Add(new SourcedReading(new MetricReading(_metric, value, series.Instance, count), 0));
                }
            }
        }

        return _readings;
    }

    public override bool HasFailed(int source) => selection.HasFailed;

    private static string Shown((InstrumentKind Kind, string? Unit) known) => known.Unit?.Trim('{', '}') ?? "";

    // What is added up over a window says nothing until the window has been listened to: half of it would look like less.
    private (double Value, long Count)? Value(InstrumentSeries series, InstrumentKind kind, Statistic resolved, long from, TimeSpan window)
    {
        var current = series.History.Current;
        switch (resolved.Kind)
        {
            case StatisticKind.Last:
                return kind == InstrumentKind.Counter || (series.IsPresent && series.TouchedAt >= 0) ? (current.Sum, 1) : null;
            case StatisticKind.Total:
                return (kind == InstrumentKind.Histogram ? current.Count : current.Sum, 1);
            case StatisticKind.Maximum or StatisticKind.Percentile:
                var snapshot = series.Recorder!.GetSnapshot(window);
                var nanoseconds = resolved.Kind == StatisticKind.Maximum ? snapshot.MaximumNanoseconds : snapshot.GetPercentileNanoseconds(resolved.Percentile);
                return (nanoseconds / series.Scale, snapshot.Count);
        }

        var before = series.History.At(from);
        var (sum, count) = (current.Sum - before.Sum, current.Count - before.Count);
        if (kind == InstrumentKind.Counter)
        {
            count = (long)Math.Clamp(Math.Ceiling(sum), 0, long.MaxValue / 2);
        }

        var isCovered = selection.Since >= 0 && from >= selection.Since;
        return resolved.Kind switch
        {
            StatisticKind.Average => (count > 0 ? sum / count : 0, count),
            StatisticKind.Part => (kind == InstrumentKind.Histogram ? count : sum, count),
            StatisticKind.Count => isCovered ? (count, count) : null,
            StatisticKind.Sum => isCovered ? (sum, count) : null,
            _ => isCovered ? ((kind == InstrumentKind.Histogram ? count : sum) / window.TotalSeconds, count) : null,
        };
    }

    // Null where an instrument has no such statistic.
    private Statistic? Resolve(InstrumentKind kind) => (statistic.Kind, kind) switch
    {
        (StatisticKind.Natural, InstrumentKind.Counter) => new(StatisticKind.Rate),
        (StatisticKind.Natural, InstrumentKind.Histogram) => new(StatisticKind.Percentile, 95),
        (StatisticKind.Natural, _) => new(StatisticKind.Last),
        (StatisticKind.Total, _) => statistic,
        (StatisticKind.Last, InstrumentKind.Histogram or InstrumentKind.Counter) => null,
        (StatisticKind.Last, _) => statistic,
        (StatisticKind.Part, InstrumentKind.Counter or InstrumentKind.Histogram) => statistic,
        (StatisticKind.Part, _) => new(StatisticKind.Last),
        (StatisticKind.Rate or StatisticKind.Sum, InstrumentKind.Counter) => statistic,
        (_, InstrumentKind.Histogram) => statistic,
        _ => null,
    };
}
