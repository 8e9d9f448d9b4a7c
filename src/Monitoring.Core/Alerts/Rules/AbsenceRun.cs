using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>
/// How long, in seconds, series have given no data: those that are named, or else all that have been seen, or else the metric as a
/// whole since the engine was built. A series that has been seen is forgotten when it has been away for a day, or for twice the
/// longer threshold if that is more.
/// </summary>
internal sealed class AbsenceRun : RuleRun
{
    private const int MaxSeries = 2000;
    private const long Day = 86_400;

    private readonly Operand _operand;
    private readonly TimeSpan _window;
    private readonly long _forgetAfter;
    private readonly Dictionary<string, (long SeenAt, int Source)> _series = new(StringComparer.Ordinal);
    private bool _failed;

    public AbsenceRun(AlertRule rule, Operand operand, TimeSpan window, long second)
        : base(rule)
    {
        (_operand, _window) = (operand, window);
        var thresholds = rule.Thresholds(default);
        var longest = double.IsNaN(thresholds.Critical) ? thresholds.Warning : Math.Max(thresholds.Critical, double.IsNaN(thresholds.Warning) ? 0 : thresholds.Warning);
        _forgetAfter = Math.Max(Day, (long)(2 * longest));
        foreach (var instance in rule.Instances ?? (IEnumerable<string>)[SeriesKey.Single])
        {
            _series[instance] = (second, Operand.AnySource);
        }
    }

    public override IEnumerable<Operand> Operands => [_operand];

    public override void TakeOver(RuleRun old)
    {
        base.TakeOver(old);
        if (old is AbsenceRun run && run._operand.Key == _operand.Key)
        {
            if (Rule.Instances is null && run._series.Count > 0 && !run._series.ContainsKey(SeriesKey.Single))
            {
                _series.Clear();
            }

            foreach (var (key, series) in run._series)
            {
                if (Rule.Watches(SeriesKey.Instance(key)) || _series.ContainsKey(key))
                {
                    _series[key] = series;
                }
            }
        }
    }

    protected override string? Observe(long second, List<Observation> observations)
    {
        var rule = Rule;
        var readings = _operand.Read(_window);
        _failed = _operand.HasFailed(Operand.AnySource);
        var overflowed = false;
        for (var i = 0; i < readings.Count; i++)
        {
            var (reading, source) = readings[i];
            var key = SeriesKey.Of(reading.Instance);
            if (reading.Count < rule.MinimumCount || !rule.Watches(reading.Instance))
            {
                continue;
            }

            if (_series.ContainsKey(key) || _series.Count < MaxSeries)
            {
                _series[key] = (second, source);
                if (rule.Instances is null && key != SeriesKey.Single)
                {
                    // Now that its series are known, each speaks for itself.
                    _series.Remove(SeriesKey.Single);
                }
            }
            else
            {
                overflowed = true;
            }
        }

        foreach (var (key, (seenAt, source)) in _series)
        {
            var absent = second - seenAt;
            if (rule.Instances is null && key != SeriesKey.Single && absent > _forgetAfter)
            {
                _series.Remove(key);
            }
            else if (absent == 0 || !_operand.HasFailed(source))
            {
                Add(rule, observations, SeriesKey.Instance(key), absent);
            }
        }

        // That nothing has come yet is what it is here to say: no error.
        return overflowed ? $"Only {MaxSeries} series are looked at." : _failed ? _operand.Error : null;
    }

    protected override bool IsUnknownSeries(string key) => _series.ContainsKey(key) && _failed;

    private static void Add(AlertRule rule, List<Observation> observations, string? instance, long absent)
    {
        var level = rule.Thresholds(default).LevelOf(absent);
        observations.Add(new Observation(rule, new MetricReading(rule.Metric, absent, instance), level, level, level > AlertLevel.None));
    }
}
