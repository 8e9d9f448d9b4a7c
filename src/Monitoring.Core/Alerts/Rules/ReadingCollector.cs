using System.Collections.Frozen;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>
/// Reads every source over one window and keeps what a rule applies to, one reading a series. A source that throws
/// contributes nothing and is remembered as failed; the others are read all the same. Used by one thread at a time.
/// </summary>
internal sealed class ReadingCollector(IMetricSource[] sources, FrozenDictionary<string, AlertRule> rules, InternalErrors errors)
{
    private readonly List<MetricReading> _buffer = [];
    private readonly bool[] _failed = new bool[sources.Length];

    // Which source a series was last read from, to know what a failed one would have said.
    private readonly Dictionary<AlertSeries, int> _origins = [];

    public Dictionary<AlertSeries, Collected> Readings { get; } = [];

    /// <summary>Whether the source of a series could not be read, so that its silence means nothing.</summary>
    public bool IsUnknown(AlertSeries series) => _origins.TryGetValue(series, out var source) && _failed[source];

    public void Collect(TimeSpan window)
    {
        Readings.Clear();
        for (var source = 0; source < sources.Length; source++)
        {
            _buffer.Clear();
            _failed[source] = false;
            try
            {
                sources[source].Collect(_buffer, window);
            }
            catch (Exception exception)
            {
                // Half of a source's series would look as if the others had vanished.
                _failed[source] = true;
                _buffer.Clear();
                errors.Report("alerts.collect", exception);
            }

            Keep(source);
        }

        _buffer.Clear();
    }

    private void Keep(int source)
    {
        foreach (var reading in _buffer)
        {
            if (reading.Metric is null || !rules.TryGetValue(reading.Metric, out var rule) || !double.IsFinite(reading.Value))
            {
                continue;
            }

            // Two queues without a name are one series: the worse of them speaks.
            var series = new AlertSeries(rule.Name, reading.Instance);
            if (!Readings.TryGetValue(series, out var other) || reading.Value > other.Reading.Value)
            {
                Readings[series] = new Collected(rule, reading, source);
                _origins[series] = source;
            }
        }
    }

    internal readonly record struct Collected(AlertRule Rule, MetricReading Reading, int Source);
}
