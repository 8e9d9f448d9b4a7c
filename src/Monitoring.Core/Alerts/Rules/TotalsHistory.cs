using Monitoring.Latency;

namespace Monitoring.Alerts.Rules;

/// <summary>
/// What a sum and a count were during the last hour: to the second for up to a minute, to the minute beyond. 5 KB at most.
/// For one thread at a time.
/// </summary>
internal sealed class TotalsHistory
{
    private readonly SliceRing<Totals> _slices = new();
    private Totals _expired;
    private long _closedAt = -1;

    /// <summary>The value that was noted last.</summary>
    public Totals Current { get; private set; }

    /// <summary>The second at which the value last changed; that of the first note when it never did.</summary>
    public long ChangedAt { get; private set; }

    /// <summary>The second of the first note.</summary>
    public long Since { get; private set; }

    /// <summary>Notes a value.</summary>
    public void Note(long second, Totals value)
    {
        if (_closedAt < 0)
        {
            (Since, ChangedAt) = (second, second);
        }

        if (second > _closedAt)
        {
            if (_closedAt < 0 || value != Current)
            {
                ChangedAt = second;
                _slices.Add(second, value);
            }

            _closedAt = second;
            _slices.Condense(second);
            while (_slices.TryExpire(second, out var expired))
            {
                _expired = expired;
            }

            Current = value;
        }
    }

    /// <summary>The value at a second: what was noted last up to then; zero before the first note.</summary>
    public Totals At(long second)
    {
        var seconds = _slices.Seconds;
        var before = seconds.Length - SliceRing<Totals>.After(second, seconds).Length;
        if (before > 0)
        {
            return seconds[before - 1].Value;
        }

        var minutes = _slices.Minutes;
        before = minutes.Length - SliceRing<Totals>.After(second, minutes).Length;
        return before > 0 ? minutes[before - 1].Value : _expired;
    }
}
