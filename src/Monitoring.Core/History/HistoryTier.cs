namespace Monitoring.History;

/// <summary>
/// One series in one resolution: a ring of slots, each of the same number of seconds, and the slot that is still open. Slots are
/// counted from the epoch of the caller's seconds. The ring is allocated with the first slot that closes, and never grows:
/// two bytes a slot where a slot is a second, five otherwise. For one thread at a time.
/// </summary>
internal sealed class HistoryTier(int step, int length)
{
    // Where a slot is a second, its average is its maximum and its count is one: only the averages are kept.
    private ushort[]? _averages;
    private ushort[]? _maxima;
    private byte[]? _counts;

    // The newest slot of the ring, and the one that is open.
    private long _newest = long.MinValue;
    private long _open = long.MinValue;
    private double _sum;
    private double _maximum;
    private int _count;

    /// <summary>Adds the value of a second; seconds ascend.</summary>
    public void Add(long second, double value)
    {
        var slot = second / step;
        if (slot != _open)
        {
            Close();
            _open = slot;
        }

        _maximum = _count == 0 ? value : Math.Max(_maximum, value);
        _sum += value;
        _count++;
    }

    /// <summary>Adds what is known of a slot to a point.</summary>
    public void AddTo(ref HistoryPoint point, long slot)
    {
        if (slot == _open)
        {
            point.Add(_sum, _maximum, _count);
            return;
        }

        if (_averages is null || slot > _newest || slot <= _newest - length)
        {
            return;
        }

        var at = (int)(slot % length);
        if (_averages[at] != CompactFloat.None)
        {
            var average = CompactFloat.Decode(_averages[at]);
            var count = _counts?[at] ?? 1;
            point.Add(average * count, _maxima is null ? average : CompactFloat.Decode(_maxima[at]), count);
        }
    }

    private void Close()
    {
        if (_count == 0)
        {
            return;
        }

        if (_averages is null)
        {
            Allocate();
        }
        else
        {
            // What was not recorded since the newest slot is a gap, whatever the ring had there a lap ago.
            for (var missed = Math.Max(_newest + 1, _open - length + 1); missed < _open; missed++)
            {
                _averages[(int)(missed % length)] = CompactFloat.None;
            }
        }

        var at = (int)(_open % length);
        _averages![at] = CompactFloat.Encode(_sum / _count);
        if (_maxima is not null)
        {
            _maxima[at] = CompactFloat.Encode(_maximum);
            _counts![at] = (byte)Math.Min(_count, byte.MaxValue);
        }

        _newest = _open;
        (_sum, _count) = (0, 0);
    }

    private void Allocate()
    {
        _averages = new ushort[length];
        Array.Fill(_averages, CompactFloat.None);
        if (step > 1)
        {
            (_maxima, _counts) = (new ushort[length], new byte[length]);
        }
    }
}

/// <summary>What is known of some stretch of time of a series.</summary>
internal struct HistoryPoint
{
    private double _sum;
    private double _maximum;
    private int _count;

    /// <summary>The average of the seconds that are known; NaN when none is.</summary>
    public readonly double Average => _count == 0 ? double.NaN : Round(_sum / _count);

    /// <summary>The largest of them; NaN when none is.</summary>
    public readonly double Maximum => _count == 0 ? double.NaN : Round(_maximum);

    /// <summary>Takes in so many seconds.</summary>
    public void Add(double sum, double maximum, int count)
    {
        if (count > 0)
        {
            _maximum = _count == 0 ? maximum : Math.Max(_maximum, maximum);
            _sum += sum;
            _count += count;
        }
    }

    // Five digits are more than is kept, and a fraction of the text that the binary fractions would make.
    private static double Round(double value) =>
        value == 0 ? 0 : Math.Round(value, Math.Clamp(4 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15));
}
