using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>
/// Compares each series of an operand with thresholds. What is computed over a window breaches when it does so over the long
/// and the short window, and recovers by the short one.
/// </summary>
internal sealed class ThresholdRun(AlertRule rule, Operand operand, RuleWindows windows) : RuleRun(rule)
{
    private const int MaxSeries = 100_000;

    // Those that the last evaluation saw, and those of a source that has failed since: their silence means nothing.
    private Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private int _evaluation;

    public override IEnumerable<Operand> Operands => [operand];

    public override void TakeOver(RuleRun old)
    {
        base.TakeOver(old);
        if (old is ThresholdRun run && run.Operands.First().Key == operand.Key)
        {
            (_series, _evaluation) = (run._series, run._evaluation);
        }
    }

    protected override string? Observe(long second, List<Observation> observations)
    {
        if (operand.Unit is { } unit && Rule.Unit.Length == 0 && unit.Length > 0)
        {
            // An instrument's unit is known once it is published.
            Rule = Rule with { Unit = unit };
        }

        _evaluation++;
        var rule = Rule;
        var (seen, breaching) = ReadShort(rule);
        if (breaching && rule.Windowed)
        {
            ReadLong(rule, rule.MinimumCount > 0 && windows.IsWarmingUp(second) ? windows.WarmUpCount : 0);
        }

        foreach (var (key, series) in _series)
        {
            if (series.Evaluation == _evaluation)
            {
                var confirmed = !rule.Windowed || series.Level < series.LongLevel ? series.Level : series.LongLevel;
                observations.Add(new Observation(rule, series.Reading, confirmed, rule.ShortLevel(series.Reading, rule.Hysteresis), series.Level > AlertLevel.None));
            }
            else if (!operand.HasFailed(series.Source))
            {
                _series.Remove(key);
            }
        }

        return seen >= MaxSeries ? $"Only {MaxSeries} series are looked at." : operand.Error;
    }

    protected override bool IsUnknownSeries(string key) =>
        _series.TryGetValue(key, out var series) ? series.Evaluation != _evaluation : operand.HasFailed(Operand.AnySource);

    private (int Seen, bool Breaching) ReadShort(AlertRule rule)
    {
        var (seen, breaching) = (0, false);
        var readings = operand.Read(windows.Short);
        for (var i = 0; i < readings.Count; i++)
        {
            var (reading, source) = readings[i];
            if (!rule.Watches(reading.Instance))
            {
                continue;
            }

            var key = SeriesKey.Of(reading.Instance);
            ref var series = ref CollectionsMarshal.GetValueRefOrNullRef(_series, key);
            if (Unsafe.IsNullRef(ref series))
            {
                if (_series.Count >= MaxSeries)
                {
                    return (MaxSeries, breaching);
                }

                series = ref CollectionsMarshal.GetValueRefOrAddDefault(_series, key, out _)!;
            }

            // Two queues without a name are one series: the worse of them speaks.
            if (series.Evaluation == _evaluation && !rule.IsWorse(reading, series.Reading.Value))
            {
                continue;
            }

            seen++;
            var level = rule.ShortLevel(reading);
            breaching |= level > AlertLevel.None;
            series = new Series(reading, source, _evaluation, level, AlertLevel.None);
        }

        return (seen, breaching);
    }

    private void ReadLong(AlertRule rule, long atLeast)
    {
        var readings = operand.Read(windows.Long);
        for (var i = 0; i < readings.Count; i++)
        {
            var reading = readings[i].Reading;
            ref var series = ref CollectionsMarshal.GetValueRefOrNullRef(_series, SeriesKey.Of(reading.Instance));
            if (!Unsafe.IsNullRef(ref series) && series.Evaluation == _evaluation && series.Level > AlertLevel.None)
            {
                var level = rule.LongLevel(reading, atLeast);
                series = series with { LongLevel = level > series.LongLevel ? level : series.LongLevel };
            }
        }
    }

    private readonly record struct Series(MetricReading Reading, int Source, int Evaluation, AlertLevel Level, AlertLevel LongLevel);
}
