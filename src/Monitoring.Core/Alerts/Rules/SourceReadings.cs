using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>
/// What the sources say during one evaluation, by window and metric; each window is asked for at most once an evaluation, and
/// only if a rule wants it. A source that throws contributes nothing and is remembered as failed; the others are read all the
/// same. Used by one evaluation at a time.
/// </summary>
internal sealed class SourceReadings(IMetricSource[] sources, InternalErrors errors)
{
    private readonly Dictionary<TimeSpan, Window> _windows = [];
    private readonly List<MetricReading> _buffer = [];
    private readonly string?[] _failures = new string?[sources.Length];
    private long _evaluation;

    /// <summary>The metrics that are kept; null for all, which rules in code may ask for.</summary>
    public IReadOnlySet<string>? Wanted { get; set; }

    /// <summary>How a source failed during this evaluation; null when it did not.</summary>
    public string? Failure(int source) => _failures[source];

    /// <summary>How some source failed during this evaluation; null when none did.</summary>
    public string? AnyFailure => Array.Find(_failures, static failure => failure is not null);

    /// <summary>Forgets what was read during the last evaluation.</summary>
    public void Begin()
    {
        _evaluation++;
        Array.Clear(_failures);
        foreach (var (length, window) in _windows)
        {
            // A window that nobody has asked for during a minute of evaluations gives its memory back.
            if (_evaluation - window.Evaluation > 60)
            {
                _windows.Remove(length);
            }
        }
    }

    /// <summary>The readings of a metric over a window; they are valid until the next evaluation.</summary>
    public IReadOnlyList<SourcedReading> Read(string metric, TimeSpan length)
    {
        if (!_windows.TryGetValue(length, out var window))
        {
            _windows[length] = window = new Window();
        }

        if (window.Evaluation != _evaluation)
        {
            window.Evaluation = _evaluation;
            Collect(window.ByMetric, length);
        }

        return window.ByMetric.TryGetValue(metric, out var readings) ? readings : [];
    }

    private void Collect(Dictionary<string, List<SourcedReading>> byMetric, TimeSpan length)
    {
        foreach (var (_, readings) in byMetric)
        {
            readings.Clear();
        }

        for (var source = 0; source < sources.Length; source++)
        {
            _buffer.Clear();
            try
            {
                sources[source].Collect(_buffer, length);
            }
            catch (Exception exception)
            {
                // Half of a source's series would look as if the others had vanished.
                _failures[source] = exception.Message;
                _buffer.Clear();
                errors.Report("alerts.collect", exception);
            }

            Keep(byMetric, source);
        }

        _buffer.Clear();
        foreach (var (metric, readings) in byMetric)
        {
            if (readings.Count == 0)
            {
                byMetric.Remove(metric);
            }
        }
    }

    private void Keep(Dictionary<string, List<SourcedReading>> byMetric, int source)
    {
        // Sources give the readings of one metric one after the other more often than not.
        string? last = null;
        List<SourcedReading>? readings = null;
        foreach (var reading in _buffer)
        {
            if (reading.Metric is null || !double.IsFinite(reading.Value))
            {
                continue;
            }

            if (!ReferenceEquals(reading.Metric, last))
            {
                last = reading.Metric;
                readings = null;
                if (Wanted is null || Wanted.Contains(last))
                {
                    if (!byMetric.TryGetValue(last, out readings))
                    {
                        byMetric[last] = readings = [];
                    }
                }
            }

            readings?.Add(new SourcedReading(reading, source));
        }
    }

    private sealed class Window
    {
        public long Evaluation { get; set; } = -1;

        public Dictionary<string, List<SourcedReading>> ByMetric { get; } = new(StringComparer.Ordinal);
    }
}
