namespace Monitoring.Latency;

/// <summary>
/// Bad events and all events within a sliding window, in 60 slices of equal length, or of a second each if the window is shorter
/// than a minute, and the one that is open: 1 KB. Covers up to a slice more than the window. For one thread at a time.
/// </summary>
internal sealed class BurnHistory
{
    private const int MostSlices = 60;

    private readonly double _length;
    private readonly double[] _bad;
    private readonly double[] _total;
    private long _current = -1;

    public BurnHistory(TimeSpan window)
    {
        var slices = (int)Math.Clamp(Math.Ceiling(window.TotalSeconds), 1, MostSlices);
        _length = window.TotalSeconds / slices;
        (_bad, _total) = (new double[slices + 1], new double[slices + 1]);
    }

    public void Add(long second, double bad, double total)
    {
        MoveTo(second);
        _bad[_current % _bad.Length] += bad;
        _total[_current % _total.Length] += total;
    }

    public (double Bad, double Total) Sum(long second)
    {
        MoveTo(second);
        var (bad, total) = (0.0, 0.0);
        for (var i = 0; i < _bad.Length; i++)
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

        for (var passed = Math.Min(slice - _current, _bad.Length); passed > 0; passed--)
        {
            var at = (slice - passed + 1) % _bad.Length;
            (_bad[at], _total[at]) = (0, 0);
        }

        _current = Math.Max(_current, slice);
    }
}
