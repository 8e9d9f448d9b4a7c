using System.Collections.Frozen;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>Reads the sources and applies the rules. Used by one evaluation at a time.</summary>
internal sealed class RuleEngine : IDisposable
{
    private readonly AlertOptions _options;
    private readonly FrozenDictionary<string, AlertRule> _byName;
    private readonly ReadingCollector _short;
    private readonly ReadingCollector _long;

    public RuleEngine(AlertOptions options, IEnumerable<IMetricSource> sources, IEnumerable<IAlertRule> rules, TimeProvider timeProvider, InternalErrors errors)
    {
        _ = timeProvider;
        _ = rules;
        _options = options;
        var defaults = DefaultAlertRules.From(options).ToFrozenDictionary(static rule => rule.Metric, StringComparer.Ordinal);
        _byName = defaults.Values.ToFrozenDictionary(static rule => rule.Name, StringComparer.Ordinal);
        IMetricSource[] all = [.. sources];
        _short = new ReadingCollector(all, defaults, errors);
        _long = new ReadingCollector(all, defaults, errors);
    }

    /// <summary>All rules and how they stand, but for their alerts.</summary>
    public IReadOnlyList<AlertRuleStatus> GetStatus() => [];

    /// <summary>Takes over changed rules and thresholds with the next evaluation; the options are valid. Thread-safe.</summary>
    public void Reload(AlertOptions options) => _ = options;

    /// <summary>The rule of that name as the next evaluation applies it; null when there is none, or it is switched off.</summary>
    public AlertRule? Find(string name) => _byName.GetValueOrDefault(name) is { IsEnabled: true } rule ? rule : null;

    /// <summary>Adds what each rule finds of each series that gives data.</summary>
    public void Evaluate(ICollection<Observation> observations)
    {
        _short.Collect(_options.RecoveryWindow);
        CollectLongWindowIfNeeded();
        foreach (var (rule, reading, _) in _short.Readings.Values)
        {
            var level = rule.ShortLevel(reading);
            var confirmed = rule.Windowed ? Lower(level, LongLevel(rule, reading)) : level;
            observations.Add(new Observation(rule, reading, confirmed, rule.ShortLevel(reading, rule.Hysteresis), level > AlertLevel.None));
        }
    }

    /// <summary>Whether the last evaluation could not read the source of a series, so that its silence means nothing, neither good nor bad.</summary>
    public bool IsUnknown(AlertSeries series) => _short.IsUnknown(series);

    /// <summary>Listens to nothing any more.</summary>
    public void Dispose()
    {
    }

    // The long window costs as much again and matters only where the short one breaches.
    private void CollectLongWindowIfNeeded()
    {
        if (_short.Readings.Values.Any(static c => c.Rule.Windowed && c.Rule.ShortLevel(c.Reading) > AlertLevel.None))
        {
            _long.Collect(_options.Window);
        }
        else
        {
            _long.Readings.Clear();
        }
    }

    private AlertLevel LongLevel(AlertRule rule, in MetricReading reading) =>
        _long.Readings.TryGetValue(new AlertSeries(rule.Name, reading.Instance), out var collected) ? rule.LongLevel(collected.Reading) : AlertLevel.None;

    private static AlertLevel Lower(AlertLevel a, AlertLevel b) => a < b ? a : b;
}
