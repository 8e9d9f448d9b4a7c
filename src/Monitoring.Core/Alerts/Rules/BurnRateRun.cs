using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>
/// How many times faster than an objective allows bad events come, over pairs of a long and a short window ("The Site Reliability
/// Workbook", chapter 5): burn rate = share of bad events ÷ (1 − objective). A pair fires when both windows burn too fast, and
/// recovers when one of them no longer does. Bad and good events are kept in slices for each window, some 1 KB each; a
/// start begins without them: a pair says nothing before its short window has passed, and judges what there is from then on.
/// </summary>
internal sealed class BurnRateRun : RuleRun
{
    private const int MaxSeries = 500;

    private readonly Operand _bad;
    private readonly Operand? _total;
    private readonly double? _budget;
    private readonly BurnPair[] _pairs;
    private readonly TimeSpan[] _windows;
    private readonly bool _countsFromZero;
    private Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _badNow = new(StringComparer.Ordinal);
    private bool _failed;

    /// <param name="rule">The rule.</param>
    /// <param name="bad">Bad events, ever growing; without <paramref name="total"/> their share in percent, with its count.</param>
    /// <param name="total">All events, ever growing.</param>
    /// <param name="objective">Share of good events that is aimed at, percent; null where the readings say by their limit what share may be bad.</param>
    /// <param name="pairs">The windows.</param>
    /// <param name="countsFromZero">Whether a series that appears has begun at zero, rather than before it was seen.</param>
    public BurnRateRun(AlertRule rule, Operand bad, Operand? total, double? objective, BurnPair[] pairs, bool countsFromZero)
        : base(rule)
    {
        (_bad, _total, _pairs, _countsFromZero) = (bad, total, pairs, countsFromZero);
        _budget = (100 - objective) / 100;
        _windows = [.. pairs.SelectMany(static pair => new[] { pair.Long, pair.Short }).Distinct()];
    }

    /// <summary>The window over which a share in percent is asked for, one after the other.</summary>
    public static TimeSpan Sample => TimeSpan.FromSeconds(10);

    public override IEnumerable<Operand> Operands => _total is null ? [_bad] : [_bad, _total];

    public override void TakeOver(RuleRun old)
    {
        base.TakeOver(old);
        if (old is BurnRateRun run && run._bad.Key == _bad.Key && run._total?.Key == _total?.Key && run._windows.SequenceEqual(_windows))
        {
            _series = run._series;
        }
    }

    protected override string? Observe(long second, List<Observation> observations)
    {
        var overflowed = _total is null ? SampleShares(second) : CountEvents(second, _total);
        _failed = _bad.HasFailed(Operand.AnySource) || _total?.HasFailed(Operand.AnySource) == true;
        var rule = Rule;
        foreach (var (key, series) in _series)
        {
            if (second - series.SeenAt > _pairs[^1].Long.TotalSeconds)
            {
                _series.Remove(key);
            }
            else if (!_failed)
            {
                observations.Add(Judge(rule, series, second));
            }
        }

        return overflowed ? $"Only {MaxSeries} series are looked at." : _total?.Error ?? _bad.Error;
    }

    protected override bool IsUnknownSeries(string key) => _failed;

    // A share over ten seconds, every ten seconds: so no event is counted twice.
    private bool SampleShares(long second)
    {
        var overflowed = false;
        foreach (var (reading, _) in _bad.Read(Sample))
        {
            if (Rule.Watches(reading.Instance) && Find(reading.Instance, second, ref overflowed) is { } series)
            {
                series.SeenAt = second;
                series.Budget = reading.Limit / 100;
                if (second - series.SampledAt >= Sample.TotalSeconds)
                {
                    series.SampledAt = second;
                    Add(series, second, reading.Count * Math.Clamp(reading.Value, 0, 100) / 100, reading.Count);
                }
            }
        }

        return overflowed;
    }

    private bool CountEvents(long second, Operand total)
    {
        _badNow.Clear();
        foreach (var (reading, _) in _bad.Read(Sample))
        {
            _badNow[SeriesKey.Of(reading.Instance)] = reading.Value;
        }

        var overflowed = false;
        foreach (var (reading, _) in total.Read(Sample))
        {
            if (Rule.Watches(reading.Instance) && Find(reading.Instance, second, ref overflowed) is { } series)
            {
                series.SeenAt = second;
                var bad = _badNow.TryGetValue(SeriesKey.Of(reading.Instance), out var value) ? series.Bad.Next(value, _countsFromZero || series.Total.IsKnown) : 0;
                Add(series, second, bad, series.Total.Next(reading.Value, _countsFromZero));
            }
        }

        return overflowed;
    }

    private Series? Find(string? instance, long second, ref bool overflowed)
    {
        var key = SeriesKey.Of(instance);
        if (!_series.TryGetValue(key, out var series))
        {
            if (_series.Count >= MaxSeries)
            {
                overflowed = true;
                return null;
            }

            _series[key] = series = new Series(instance, second, [.. _windows.Select(static window => new BurnHistory(window))]);
        }

        return series;
    }

    private static void Add(Series series, long second, double bad, double total)
    {
        if (bad > 0 || total > 0)
        {
            foreach (var history in series.Histories)
            {
                history.Add(second, bad, total);
            }
        }
    }

    private Observation Judge(AlertRule rule, Series series, long second)
    {
        var (confirmed, held) = (AlertLevel.None, AlertLevel.None);
        var worst = _pairs[0];
        foreach (var pair in _pairs)
        {
            var (longBurn, count) = Burn(series, pair.Long, second);
            var (shortBurn, _) = Burn(series, pair.Short, second);
            if (count < Math.Max(1, rule.MinimumCount) || second - series.Since < pair.Short.TotalSeconds)
            {
                continue;
            }

            var lower = Math.Min(longBurn, shortBurn);
            if (lower >= pair.Factor && pair.Level > confirmed)
            {
                (confirmed, worst) = (pair.Level, pair);
            }

            if (lower >= pair.Factor * (1 - rule.Hysteresis) && pair.Level > held)
            {
                held = pair.Level;
                worst = confirmed == AlertLevel.None ? pair : worst;
            }
        }

        var (burn, events) = Burn(series, worst.Long, second);
        var reading = new MetricReading(rule.Metric, burn, series.Instance, (long)events) { Limit = worst.Factor, Text = AlertText.Duration(worst.Long) };
        return new Observation(rule, reading, confirmed, held, confirmed > AlertLevel.None);
    }

    private (double Burn, double Count) Burn(Series series, TimeSpan window, long second)
    {
        var (bad, total) = series.Histories[Array.IndexOf(_windows, window)].Sum(second);
        return (total > 0 && (_budget ?? series.Budget) is { } budget ? bad / total / budget : 0, total);
    }

    private sealed class Series(string? instance, long since, BurnHistory[] histories)
    {
        public Growing Bad;
        public Growing Total;

        public string? Instance => instance;

        public long Since => since;

        public BurnHistory[] Histories => histories;

        public long SeenAt { get; set; }

        /// <summary>Share of the events that may be bad, 0 to 1, where the readings say so.</summary>
        public double? Budget { get; set; }

        public long SampledAt { get; set; } = long.MinValue / 2;
    }

    // A value that only grows; one that falls has begun anew.
    private struct Growing
    {
        private double _last;

        public bool IsKnown { get; private set; }

        public double Next(double value, bool fromZero)
        {
            var increase = !IsKnown ? (fromZero ? value : 0) : value >= _last ? value - _last : value;
            (_last, IsKnown) = (value, true);
            return increase;
        }
    }
}
