using Monitoring.Latency;

namespace Monitoring.Alerts.Rules.Instruments;

/// <summary>
/// The measurements of one instrument that rules want: those with some tags, told apart by the values of others. At most
/// <see cref="MaxSeries"/> combinations are told apart; what is beyond shares one series, <c>OTHER</c>, and is counted.
/// </summary>
/// <remarks>
/// Recording threads only read: the chains of the table are never changed but replaced, under the lock. A series that nothing was
/// recorded into for an hour is forgotten; a measurement that comes in that very moment may go with it.
/// </remarks>
internal sealed class InstrumentSelection
{
    /// <summary>How many combinations of tags are told apart.</summary>
    public const int MaxSeries = 100;

    private const int Buckets = 256;
    private const string AllTags = "*";
    private const string Overflow = "OTHER";

    private readonly Lock _lock = new();
    private readonly KeyValuePair<string, string>[] _filter;
    private readonly string[] _by;
    private readonly bool _percentiles;
    private readonly SliceClock _clock;

    // Set once, before the first measurement.
    private InstrumentKind _kind;
    private bool _observable;
    private bool _byAll;
    private double _scale = 1;
    private InstrumentSeries? _single;

    // Replaced under the lock, read without it.
    private Node?[] _table = new Node?[Buckets];
    private InstrumentSeries[] _series = [];
    private InstrumentSeries? _other;
    private long _overflowed;

    /// <param name="meter">Name of the meter.</param>
    /// <param name="instrument">Name of the instrument.</param>
    /// <param name="filter">Tags that a measurement must have.</param>
    /// <param name="by">Tags that tell series apart; <c>*</c> for all; empty for what the instrument's kind suggests.</param>
    /// <param name="percentiles">Whether percentiles of a histogram are wanted, which cost memory.</param>
    /// <param name="clock">Closes the slices of percentiles.</param>
    public InstrumentSelection(string meter, string instrument, IEnumerable<KeyValuePair<string, string>> filter, IEnumerable<string> by, bool percentiles, SliceClock clock)
    {
        Meter = meter;
        Instrument = instrument;
        _filter = [.. filter.OrderBy(static tag => tag.Key, StringComparer.Ordinal)];
        _by = [.. by.Distinct().Order(StringComparer.Ordinal)];
        _percentiles = percentiles;
        _clock = clock;
        Key = $"{meter}/{instrument}{{{string.Join(",", _filter.Select(static tag => $"{tag.Key}={tag.Value}"))}}}by({string.Join(",", _by)}){(percentiles ? "%" : "")}";
    }

    public string Key { get; }

    public string Meter { get; }

    public string Instrument { get; }

    /// <summary>The kind and the unit of the instrument; null as long as none has been published.</summary>
    public (InstrumentKind Kind, string? Unit)? Known { get; private set; }

    /// <summary>Second of the first look at it; before that nothing is known.</summary>
    public long Since { get; private set; } = -1;

    /// <summary>Whether the last poll failed and did not give it.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Measurements that were put together.</summary>
    public long Overflowed => Volatile.Read(ref _overflowed);

    /// <summary>All series.</summary>
    public InstrumentSeries[] Series => Volatile.Read(ref _series);

    /// <summary>Learns what the instrument is; before the first measurement, and again without effect.</summary>
    public void Begin(InstrumentKind kind, bool observable, string? unit)
    {
        lock (_lock)
        {
            if (Known is not null)
            {
                return;
            }

            (_kind, _observable) = (kind, observable);
            var additive = kind is InstrumentKind.Counter or InstrumentKind.Histogram;
            _byAll = _by is [AllTags] || (_by.Length == 0 && !additive);
            _scale = unit switch { "s" => 1e9, "ms" => 1e6, "us" or "µs" => 1e3, "ns" or "By" => 1, _ => 1024 };
            if (_by.Length == 0 && additive)
            {
                _single = Make(null, []);
                _series = [_single];
            }

            Known = (kind, unit);
        }
    }

    /// <summary>Takes a measurement. Lock-free for tags that are known; allocates nothing then.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (ref readonly var wanted in _filter.AsSpan())
        {
            if (!TryGet(tags, wanted.Key, out var given) || !TagText.Matches(given, wanted.Value))
            {
                return;
            }
        }

        var series = _single ?? Find(tags);
        if (_observable)
        {
            series.Observe(value);
        }
        else
        {
            series.Record(value);
        }
    }

    /// <summary>Looks at what was recorded, once an evaluation.</summary>
    /// <param name="second">Seconds since the engine was built.</param>
    /// <param name="pollFailed">Whether the callback of some observable instrument threw.</param>
    public void Note(long second, bool pollFailed)
    {
        if (Known is null)
        {
            return;
        }

        Since = Since < 0 ? second : Since;
        var any = false;
        var idle = false;
        foreach (var series in Series)
        {
            series.Note(second, _observable);
            any |= series.IsPresent;
            idle |= series != _single && series != _other && second - Math.Max(series.TouchedAt, series.History.Since) > SliceClock.Kept;
        }

        HasFailed = _observable && pollFailed && !any;
        if (idle)
        {
            Forget(second);
        }
    }

    /// <summary>Nobody reads it any more.</summary>
    public void Close()
    {
        foreach (var series in Series)
        {
            Release(series);
        }
    }

    private static bool TryGet(ReadOnlySpan<KeyValuePair<string, object?>> tags, string key, out object? value)
    {
        foreach (ref readonly var tag in tags)
        {
            if (string.Equals(tag.Key, key, StringComparison.Ordinal))
            {
                value = tag.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    private InstrumentSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = Hash(tags);
        for (var node = Volatile.Read(ref Volatile.Read(ref _table)[hash & (Buckets - 1)]); node is not null; node = node.Next)
        {
            if (node.Hash == hash && IsSame(node.Series, tags))
            {
                return node.Series;
            }
        }

        return Add(tags, hash);
    }

    // Tags come in any order: their hashes are added up.
    private int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = 0;
        if (_byAll)
        {
            foreach (ref readonly var tag in tags)
            {
                hash += HashCode.Combine(tag.Key, tag.Value);
            }
        }
        else
        {
            foreach (var key in _by)
            {
                TryGet(tags, key, out var value);
                hash += HashCode.Combine(key, value);
            }
        }

        return hash;
    }

    private bool IsSame(InstrumentSeries series, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_byAll && series.Tags.Length != tags.Length)
        {
            return false;
        }

        foreach (ref readonly var tag in series.Tags)
        {
            if ((!TryGet(tags, tag.Key, out var value) && _byAll) || !Equals(value, tag.Value))
            {
                return false;
            }
        }

        return true;
    }

    private InstrumentSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, int hash)
    {
        lock (_lock)
        {
            for (var node = _table[hash & (Buckets - 1)]; node is not null; node = node.Next)
            {
                if (node.Hash == hash && IsSame(node.Series, tags))
                {
                    return node.Series;
                }
            }

            if (_series.Length - (_other is null ? 0 : 1) >= MaxSeries)
            {
                Interlocked.Increment(ref _overflowed);
                if (_other is null)
                {
                    _other = Make(Overflow, []);
                    Volatile.Write(ref _series, [.. _series, _other]);
                }

                return _other;
            }

            var own = Own(tags);
            var series = Make(NameOf(own), own);
            Volatile.Write(ref _series, [.. _series, series]);
            Volatile.Write(ref _table[hash & (Buckets - 1)], new Node(hash, series, _table[hash & (Buckets - 1)]));
            return series;
        }
    }

    private KeyValuePair<string, object?>[] Own(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_byAll)
        {
            var all = tags.ToArray();
            Array.Sort(all, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
            return all;
        }

        var own = new KeyValuePair<string, object?>[_by.Length];
        for (var i = 0; i < own.Length; i++)
        {
            TryGet(tags, _by[i], out var value);
            own[i] = new(_by[i], value);
        }

        return own;
    }

    // One tag speaks for itself; several need their names.
    private static string? NameOf(KeyValuePair<string, object?>[] tags) => tags switch
    {
        [] => null,
        [var only] => TagText.Of(only.Value) is { Length: > 0 } text ? text : "(none)",
        _ => string.Join(',', tags.Select(static tag => $"{tag.Key}={TagText.Of(tag.Value)}")),
    };

    private InstrumentSeries Make(string? instance, KeyValuePair<string, object?>[] tags) =>
        new(instance, tags, _kind, _kind == InstrumentKind.Histogram && _percentiles ? new LatencyRecorder(_clock) : null, _scale);

    private void Forget(long second)
    {
        lock (_lock)
        {
            var (kept, table) = (new List<InstrumentSeries>(), new Node?[Buckets]);
            for (var bucket = 0; bucket < Buckets; bucket++)
            {
                for (var node = _table[bucket]; node is not null; node = node.Next)
                {
                    if (second - Math.Max(node.Series.TouchedAt, node.Series.History.Since) > SliceClock.Kept)
                    {
                        Release(node.Series);
                    }
                    else
                    {
                        table[bucket] = new Node(node.Hash, node.Series, table[bucket]);
                        kept.Add(node.Series);
                    }
                }
            }

            if (_other is not null)
            {
                kept.Add(_other);
            }

            Volatile.Write(ref _table, table);
            Volatile.Write(ref _series, [.. kept]);
        }
    }

    private void Release(InstrumentSeries series)
    {
        if (series.Recorder is { } recorder)
        {
            _clock.Unregister(recorder);
        }
    }

    private sealed record Node(int Hash, InstrumentSeries Series, Node? Next);
}
