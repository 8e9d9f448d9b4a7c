using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// Which key patterns mattered most, over a sliding hour in slices of five minutes. Thread-safe: adding takes a short lock
/// in which nobody else's code runs, and allocates only for a pattern that has no counter. Reading merges outside the lock.
/// </summary>
internal sealed class RedisKeyUsage
{
    private readonly Lock _lock = new();
    private readonly SliceClock _clock;
    private readonly int _capacity;
    private readonly KeySketch _open;
    private readonly List<KeySlice> _closed = [];
    private long _number;

    /// <param name="clock">The clock of its slices; who adds or reads closes them.</param>
    /// <param name="capacity">How many patterns each order tells apart; zero for none.</param>
    public RedisKeyUsage(SliceClock clock, int capacity)
    {
        _clock = clock;
        _capacity = capacity;
        _open = new KeySketch(capacity);
        _number = CoarseSlice.NumberOf(clock.Second);
    }

    /// <summary>Counts operations on keys of a pattern; returns the pattern's text.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="operations">How many operations, more than zero.</param>
    /// <param name="duration">How long each took.</param>
    /// <param name="bytes">How many bytes each moved.</param>
    public string Add(ReadOnlySpan<char> pattern, long operations, TimeSpan duration, long bytes)
    {
        if (_capacity == 0)
        {
            return pattern.ToString();
        }

        // Floating-point, so that nothing overflows, whatever the caller says.
        PerOrder weights = default;
        weights[PerOrder.Calls] = operations;
        weights[PerOrder.Time] = (double)operations * Math.Max(duration.Ticks, 0);
        weights[PerOrder.Bytes] = (double)operations * Math.Max(bytes, 0);
        var second = _clock.Second;
        lock (_lock)
        {
            CloseUnderLock(second);
            return _open.Add(pattern, in weights);
        }
    }

    /// <summary>The text of a pattern, without making a new one for a pattern that has a counter.</summary>
    public string GetText(ReadOnlySpan<char> pattern)
    {
        lock (_lock)
        {
            return _open.Find(pattern) ?? pattern.ToString();
        }
    }

    /// <summary>Those of the window, which begins up to five minutes earlier than asked for.</summary>
    public RedisHotKeys GetHotKeys(TimeSpan window)
    {
        var (second, from) = _clock.GetWindow(window);
        List<KeySlice> slices;
        lock (_lock)
        {
            CloseUnderLock(second);
            slices = [.. _closed.Where(slice => CoarseSlice.IsAfter(from, slice.Number))];
            if (!_open.IsEmpty)
            {
                slices.Add(_open.ToSlice(_number));
            }
        }

        return new KeySliceMerge(slices, _capacity).ToHotKeys();
    }

    private void CloseUnderLock(long second)
    {
        var number = CoarseSlice.NumberOf(second);
        if (number <= _number)
        {
            return;
        }

        if (!_open.IsEmpty)
        {
            _closed.Add(_open.ToSlice(_number));
            _open.Clear();
        }

        _number = number;
        while (_closed.Count > 0 && !CoarseSlice.IsAfter(second - SliceClock.Kept, _closed[0].Number))
        {
            _closed.RemoveAt(0);
        }
    }
}
