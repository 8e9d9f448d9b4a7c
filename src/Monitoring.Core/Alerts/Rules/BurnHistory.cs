namespace Monitoring.Alerts.Rules;

/// <summary>
/// Bad events and all events within a sliding window of any length, in 60 slices of equal length and the one that is open: 1 KB.
/// Covers up to a slice more than the window. For one thread at a time.
/// </summary>
internal sealed class BurnHistory(TimeSpan window)
{
    private const int Slices = 61;

    private readonly double _length = Math.Max(1, window.TotalSeconds / (Slices - 1));
    private readonly double[] _bad = new double[Slices];
    private readonly double[] _total = new double[Slices];
    private long _current = -1;

    public void Add(long second, double bad, double total)
    {
        MoveTo(second);
        _bad[_current % Slices] += bad;
        _total[_current % Slices] += total;
    }

    public (double Bad, double Total) Sum(long second)
    {
        MoveTo(second);
        var (bad, total) = (0.0, 0.0);
        for (var i = 0; i < Slices; i++)
        {
            bad += _bad[i];
            total += _total[i];
        }

        return (bad, total);
    }

    private void MoveTo(long second)
    {
        var slice = (long)(second / _length);
        if (_current < 0)
        {
            _current = slice;
        }

        for (var passed = Math.Min(slice - _current, Slices); passed > 0; passed--)
        {
            var at = (slice - passed + 1) % Slices;
            (_bad[at], _total[at]) = (0, 0);
        }

        _current = Math.Max(_current, slice);
    }
}
