using System.Collections.Concurrent;

namespace Monitoring.Latency;

/// <summary>
/// Series by a name that comes from outside, with a hard cap: names beyond it share one entry, <see cref="OverflowName"/>,
/// and are counted. Thread-safe; finding a known name takes no lock and allocates nothing.
/// </summary>
internal sealed class SeriesTable<T>
    where T : class
{
    /// <summary>The name of the entry that names beyond the cap share.</summary>
    public const string OverflowName = "OTHER";

    private readonly ConcurrentDictionary<string, T> _series;
    private readonly ConcurrentDictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Lock _lock = new();
    private readonly Func<string, T> _create;
    private readonly int _capacity;
    private readonly int _longestName;

    // The first two are written under the lock and read without it; the last is added to atomically.
    private T? _other;
    private bool _full;
    private long _overflowed;

    /// <param name="capacity">How many names are told apart.</param>
    /// <param name="create">Makes the series of a name; runs under the table's lock, once a name.</param>
    /// <param name="comparer">What makes two names the same; every character counts by default.</param>
    /// <param name="longestName">How many characters a name may have.</param>
    public SeriesTable(int capacity, Func<string, T> create, StringComparer? comparer = null, int longestName = 128)
    {
        _capacity = capacity;
        _longestName = longestName;
        _create = create;
        _series = new ConcurrentDictionary<string, T>(comparer ?? StringComparer.Ordinal);
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How often a name was looked for that the table had no room for.</summary>
    public long Overflowed => Volatile.Read(ref _overflowed);

    /// <summary>
    /// The series of a name, made when it is new; the shared one for a name without room, without text or too long.
    /// </summary>
    public T Get(string? name) =>
        name is not null && _series.TryGetValue(name, out var series) ? series : Create(name);

    /// <inheritdoc cref="Get(string?)"/>
    public T Get(ReadOnlySpan<char> name) =>
        _lookup.TryGetValue(name, out var series) ? series : Create(name.ToString());

    /// <summary>The series of a name that is known; null for another.</summary>
    public T? Find(string name) => _series.GetValueOrDefault(name);

    /// <summary>All series, the shared one too if there is one, in no order.</summary>
    public T[] All
    {
        get
        {
            var all = new List<T>();
            foreach (var (_, series) in _series)
            {
                all.Add(series);
            }

            if (Volatile.Read(ref _other) is { } other)
            {
                all.Add(other);
            }

            return [.. all];
        }
    }

    private T Create(string? name)
    {
        if (!Volatile.Read(ref _full) && !string.IsNullOrWhiteSpace(name) && name.Length <= _longestName && !_series.Comparer.Equals(name, OverflowName))
        {
            lock (_lock)
            {
                if (_series.TryGetValue(name, out var series))
                {
                    return series;
                }

                if (!_full)
                {
                    series = _series[name] = _create(name);
                    Volatile.Write(ref _full, _series.Count >= _capacity);
                    return series;
                }
            }
        }

        Interlocked.Increment(ref _overflowed);
        return Volatile.Read(ref _other) ?? CreateOther();
    }

    private T CreateOther()
    {
        lock (_lock)
        {
            if (_other is null)
            {
                Volatile.Write(ref _other, _create(OverflowName));
            }

            return _other!;
        }
    }
}
