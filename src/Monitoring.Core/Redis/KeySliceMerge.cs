using System.Runtime.InteropServices;

namespace Monitoring.Redis;

/// <summary>
/// Several slices as one (Agarwal et al., "Mergeable Summaries", PODS 2012). A pattern that a slice has no counter for may
/// have had that slice's minimum, which its estimate takes in. That adds the same to every pattern's estimate over its
/// figure above the minimum, so the K greatest estimates are those of a merged sketch: of a total weight W over all slices,
/// each pattern with more than W/K is among them, and no estimate is too high by more than W/K or too low at all.
/// </summary>
internal sealed class KeySliceMerge
{
    private readonly Dictionary<string, Sums> _patterns = new(StringComparer.Ordinal);
    private readonly int _capacity;
    private PerOrder _minimum;

    /// <param name="slices">The slices; may be empty.</param>
    /// <param name="capacity">The capacity of their sketches.</param>
    public KeySliceMerge(IEnumerable<KeySlice> slices, int capacity)
    {
        _capacity = capacity;
        foreach (var slice in slices)
        {
            Add(slice);
        }
    }

    public RedisHotKeys ToHotKeys() => new()
    {
        ByCalls = OrderBy(PerOrder.Calls),
        ByTime = OrderBy(PerOrder.Time),
        ByBytes = OrderBy(PerOrder.Bytes),
    };

    private void Add(KeySlice slice)
    {
        for (var order = 0; order < PerOrder.Count; order++)
        {
            _minimum[order] += slice.Minimum[order];
        }

        foreach (ref readonly var usage in slice.Usages.AsSpan())
        {
            ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(_patterns, usage.Pattern, out _);
            for (var order = 0; order < PerOrder.Count; order++)
            {
                sums.Counted[order] += usage.Counted[order];
                sums.AboveMinimum[order] += usage.Estimate[order] - slice.Minimum[order];
            }
        }
    }

    private RedisKeyPattern[] OrderBy(int order) =>
    [
        .. _patterns
            .Where(pattern => pattern.Value.Counted[order] > 0)
            .OrderByDescending(pattern => pattern.Value.AboveMinimum[order])
            .ThenBy(static pattern => pattern.Key, StringComparer.Ordinal)
            .Take(_capacity)
            .Select(pattern => ToPattern(pattern.Key, pattern.Value, order)),
    ];

    private RedisKeyPattern ToPattern(string pattern, Sums sums, int order)
    {
        var estimate = sums.AboveMinimum[order] + _minimum[order];
        var figures = sums.Counted;
        figures[order] = estimate;
        return new RedisKeyPattern
        {
            Pattern = pattern,
            Calls = (long)figures[PerOrder.Calls],
            Time = TimeSpan.FromTicks((long)figures[PerOrder.Time]),
            Bytes = (long)figures[PerOrder.Bytes],
            ErrorPercent = Math.Clamp(100 * (estimate - sums.Counted[order]) / estimate, 0, 100),
        };
    }

    private struct Sums
    {
        public PerOrder Counted;
        public PerOrder AboveMinimum;
    }
}
