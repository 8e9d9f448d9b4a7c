using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Measurements;

/// <summary>
/// Values that the application measures itself, by name: orders in flight, the age of a price list. Thread-safe. Recording
/// never throws, allocates nothing once the name is known, and memory is bounded: 100 names of up to 128 characters, 6 KB
/// each; values of further names are counted as dropped.
/// </summary>
/// <remarks>
/// Alert rules read a series of the metric's own name, whose value is the mean over the window. Names of the monitor's own
/// series (<see cref="MetricNames"/>) are refused: their rules would judge them.
/// </remarks>
public sealed class MeasurementMonitor : IMetricSource
{
    private const int MaxNames = 100;
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    private readonly SeriesTable<MeasurementSeries> _series;
    private readonly HashSet<string> _reserved;
    private readonly MeasurementSeries _none;
    private long _dropped;

    internal MeasurementMonitor(SliceClock clock, IEnumerable<string> reserved)
    {
        _reserved = [.. reserved];
        _none = new MeasurementSeries(SeriesTable<MeasurementSeries>.OverflowName, clock);

        // Values of different names add up to nothing that means anything, so what overflows has no series.
        _series = new SeriesTable<MeasurementSeries>(
            MaxNames, name => name == SeriesTable<MeasurementSeries>.OverflowName ? _none : new MeasurementSeries(name, clock));
    }

    /// <summary>Values since the start that were not kept: of a name too many or refused, or not a number.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Records one value.</summary>
    /// <param name="name">What is measured, with its unit where it has one: <c>price-list-age-seconds</c>.</param>
    /// <param name="value">A finite number; others are dropped.</param>
    public void Record(string name, double value)
    {
        if (double.IsFinite(value) && name is not null && !_reserved.Contains(name) && _series.Get(name) is { } series && series != _none)
        {
            series.Record(value);
        }
        else
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Each metric over the last <paramref name="window"/>, by name; an hour by default and at most.</summary>
    public IReadOnlyList<MeasurementSummary> GetSummary(TimeSpan? window = null)
    {
        var span = window is { } asked && asked < LongestWindow ? asked : LongestWindow;
        return [.. Series.Select(series => series.Read(span)).OrderBy(static summary => summary.Name, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
        foreach (var series in Series)
        {
            if (series.Read(window) is { Count: > 0 } summary)
            {
                readings.Add(new MetricReading(series.Name, summary.Average, Count: summary.Count));
            }
        }
    }

    private IEnumerable<MeasurementSeries> Series => _series.All.Where(series => series != _none);
}
