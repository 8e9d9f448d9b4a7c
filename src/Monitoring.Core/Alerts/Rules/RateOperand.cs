using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>
/// How fast each series of an operand changes over a window. A series has a rate once it has been known for that long. One that
/// only grows begins anew when it falls: what it has then has come since.
/// </summary>
internal sealed class RateOperand(Operand inner, TimeSpan window, TimeSpan per, bool cumulative, TimeSpan inside)
    : Operand($"rate({inner.Key} over {window}{(cumulative ? " cumulative" : "")} per {per})")
{
    private const int MaxSeries = 2000;

    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly List<SourcedReading> _rates = [];
    private readonly long _seconds = (long)window.TotalSeconds;
    private long _overflowed;
    private long _now = -1;

    public override string? Error => inner.Error;

    public override string? Unit => inner.Unit is { } unit ? $"{unit}/{Span(per)}" : null;

    public override long Overflowed => inner.Overflowed + _overflowed;

    public override IEnumerable<Operand> Parts => [inner];

    public override void Observe(long second)
    {
        if (second <= _now)
        {
            return;
        }

        _now = second;
        foreach (var item in inner.Read(inside))
        {
            var key = SeriesKey.Of(item.Reading.Instance);
            if (!_series.TryGetValue(key, out var series))
            {
                if (_series.Count >= MaxSeries)
                {
                    _overflowed++;
                    continue;
                }

                _series[key] = series = new Series { Raw = item.Reading.Value };
            }

            series.Note(second, item, cumulative);
        }

        Forget();
    }

    public override IReadOnlyList<SourcedReading> Read(TimeSpan unused)
    {
        _rates.Clear();
        foreach (var (_, series) in _series)
        {
            if (series.SeenAt == _now && _now - series.History.Since >= _seconds)
            {
                var change = series.History.Current.Sum - series.History.At(_now - _seconds).Sum;
                var reading = series.Last.Reading with { Value = change * (per / window), Limit = null, Text = null };
                _rates.Add(series.Last with { Reading = reading });
            }
        }

        return _rates;
    }

    public override bool HasFailed(int source) => inner.HasFailed(source);

    internal static string Span(TimeSpan span) => span == TimeSpan.FromSeconds(1) ? "s" : span == TimeSpan.FromMinutes(1) ? "min" : span == TimeSpan.FromHours(1) ? "h" : $"{span.TotalSeconds:0} s";

    // A series that has been away for the whole window has nothing to compare with any more.
    private void Forget()
    {
        foreach (var (key, series) in _series)
        {
            if (_now - series.SeenAt > _seconds)
            {
                _series.Remove(key);
            }
        }
    }

    private sealed class Series
    {
        public TotalsHistory History { get; } = new();

        public double Raw { get; set; }

        public long SeenAt { get; private set; }

        public SourcedReading Last { get; private set; }

        public void Note(long second, in SourcedReading item, bool cumulative)
        {
            var value = item.Reading.Value;
            var sum = cumulative ? History.Current.Sum + (value >= Raw ? value - Raw : value) : value;
            (Raw, SeenAt, Last) = (value, second, item);
            History.Note(second, new Totals(sum, 0));
        }
    }
}
