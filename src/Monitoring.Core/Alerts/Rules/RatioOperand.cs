namespace Monitoring.Alerts.Rules;

/// <summary>
/// One operand in percent of another, series by series. A part without a value is 0 %, for nothing failed yet; a total of
/// nothing has no percentage, and no count.
/// </summary>
internal sealed class RatioOperand(Operand part, Operand total) : Operand($"ratio({part.Key} / {total.Key})")
{
    private readonly Dictionary<string, double> _parts = new(StringComparer.Ordinal);
    private readonly List<SourcedReading> _ratios = [];

    public override string? Error => total.Error ?? part.Error;

    public override string? Unit => "%";

    public override long Overflowed => part.Overflowed + total.Overflowed;

    public override IEnumerable<Operand> Parts => [part, total];

    public override IReadOnlyList<SourcedReading> Read(TimeSpan window)
    {
        _parts.Clear();
        _ratios.Clear();
        foreach (var (reading, _) in part.Read(window))
        {
            var key = SeriesKey.Of(reading.Instance);
            _parts[key] = _parts.GetValueOrDefault(key) + reading.Value;
        }

        var totals = total.Read(window);
        if (part.HasFailed(AnySource))
        {
            // What cannot be read must not look like nothing.
            return _ratios;
        }

        // One total for all: each part is a share of it.
        if (totals is [{ Reading.Instance: null } only] && _parts.Count > 0 && !_parts.ContainsKey(SeriesKey.Single))
        {
            foreach (var (instance, value) in _parts)
            {
                Add(only, instance, value);
            }
        }
        else
        {
            for (var i = 0; i < totals.Count; i++)
            {
                var instance = totals[i].Reading.Instance;
                Add(totals[i], instance, _parts.GetValueOrDefault(SeriesKey.Of(instance)));
            }
        }

        return _ratios;
    }

    public override bool HasFailed(int source) => part.HasFailed(AnySource) || total.HasFailed(source);

    private void Add(in SourcedReading whole, string? instance, double value)
    {
        var reading = whole.Reading;
        var some = reading.Value > 0;
        var count = reading.Count > 0 ? reading.Count : (long)Math.Min(Math.Ceiling(reading.Value), long.MaxValue / 2);
        var percent = some ? 100 * value / reading.Value : 0;
        if (double.IsFinite(percent))
        {
            _ratios.Add(whole with { Reading = reading with { Instance = instance, Value = percent, Count = some ? count : 0, Limit = null, Text = null } });
        }
    }
}
