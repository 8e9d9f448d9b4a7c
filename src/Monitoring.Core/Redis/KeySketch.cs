namespace Monitoring.Redis;

/// <summary>
/// The patterns with the most calls, the most time and the most bytes, in memory bounded by the capacity K: one
/// space-saving sketch for each order (Metwally, Agrawal and El Abbadi, "Efficient Computation of Frequent and Top-k
/// Elements in Data Streams", ICDT 2005), weighted, over a shared table of at most 3 K patterns. Of a total weight W, each
/// pattern with more than W/K has a counter, and no estimate is too high by more than W/K or too low at all. For one
/// thread at a time; allocates only for a pattern that is not in the table.
/// </summary>
internal sealed class KeySketch
{
    private readonly Dictionary<string, CountedPattern> _patterns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CountedPattern>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly SpaceSavingHeap[] _heaps;
    private readonly Stack<CountedPattern> _unused = new();

    /// <param name="capacity">Counters of each order, 1 or more.</param>
    public KeySketch(int capacity)
    {
        _lookup = _patterns.GetAlternateLookup<ReadOnlySpan<char>>();
        _heaps = [new(PerOrder.Calls, capacity), new(PerOrder.Time, capacity), new(PerOrder.Bytes, capacity)];
    }

    public bool IsEmpty => _patterns.Count == 0;

    /// <summary>The text of a pattern in the table; null when it is not.</summary>
    public string? Find(ReadOnlySpan<char> pattern) => _lookup.TryGetValue(pattern, out var found) ? found.Pattern : null;

    /// <summary>Adds to a pattern; returns its text.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="weights">What to add; more than zero for at least one order, and below zero for none.</param>
    public string Add(ReadOnlySpan<char> pattern, in PerOrder weights)
    {
        if (!_lookup.TryGetValue(pattern, out var counted))
        {
            counted = _unused.TryPop(out var unused) ? unused : new CountedPattern();
            counted.Become(pattern.ToString());
            _patterns.Add(counted.Pattern, counted);
        }

        for (var order = 0; order < PerOrder.Count; order++)
        {
            if (weights[order] > 0)
            {
                counted.Counted[order] += weights[order];
                DropIfAbsent(_heaps[order].Add(counted, weights[order]));
            }
        }

        return counted.Pattern;
    }

    /// <summary>What it holds now.</summary>
    public KeySlice ToSlice(long number)
    {
        PerOrder minimum = default;
        for (var order = 0; order < PerOrder.Count; order++)
        {
            minimum[order] = _heaps[order].Minimum;
        }

        var usages = new KeyUsage[_patterns.Count];
        var next = 0;
        foreach (var counted in _patterns.Values)
        {
            var estimate = counted.Estimate;
            for (var order = 0; order < PerOrder.Count; order++)
            {
                estimate[order] = counted.IsIn(order) ? estimate[order] : minimum[order];
            }

            usages[next++] = new KeyUsage(counted.Pattern, counted.Counted, estimate);
        }

        return new KeySlice(number, usages, minimum);
    }

    /// <summary>Makes it empty.</summary>
    public void Clear()
    {
        foreach (var counted in _patterns.Values)
        {
            // Not to keep its text alive.
            counted.Become("");
            _unused.Push(counted);
        }

        _patterns.Clear();
        Array.ForEach(_heaps, static heap => heap.Clear());
    }

    private void DropIfAbsent(CountedPattern? loser)
    {
        if (loser is { IsAbsent: true })
        {
            _patterns.Remove(loser.Pattern);
            _unused.Push(loser);
        }
    }
}
