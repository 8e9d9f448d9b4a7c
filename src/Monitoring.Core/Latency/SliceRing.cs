using System.Runtime.InteropServices;

namespace Monitoring.Latency;

/// <summary>What a slice holds; neighbours are merged when they have become old.</summary>
internal interface ISlice<TSelf>
    where TSelf : struct, ISlice<TSelf>
{
    /// <summary>One slice in place of several; they are given in the order of their time.</summary>
    static abstract TSelf Merge(ReadOnlySpan<Slice<TSelf>> slices);
}

/// <summary>A closed slice and the second of the clock at which it ended.</summary>
internal readonly record struct Slice<T>(long End, T Value)
    where T : struct, ISlice<T>;

/// <summary>
/// The closed slices of the last hour, oldest first: single seconds for the last minute or two, minutes before that.
/// At most 120 and 61 of them. For one thread at a time.
/// </summary>
internal sealed class SliceRing<T>
    where T : struct, ISlice<T>
{
    private const long Minute = 60;

    // Lists, not queues: they are read as spans each second, and shortened once a minute.
    private readonly List<Slice<T>> _seconds = [];
    private readonly List<Slice<T>> _minutes = [];

    /// <summary>The older slices, a minute each, oldest first.</summary>
    public ReadOnlySpan<Slice<T>> Minutes => CollectionsMarshal.AsSpan(_minutes);

    /// <summary>The newer slices, a second each, oldest first.</summary>
    public ReadOnlySpan<Slice<T>> Seconds => CollectionsMarshal.AsSpan(_seconds);

    /// <summary>Those of <paramref name="slices"/> that ended after a second of the clock.</summary>
    public static ReadOnlySpan<Slice<T>> After(long second, ReadOnlySpan<Slice<T>> slices)
    {
        var first = slices.Length;
        while (first > 0 && slices[first - 1].End > second)
        {
            first--;
        }

        return slices[first..];
    }

    /// <summary>Adds the slice that ended at <paramref name="end"/>, a second of the clock; later than any before.</summary>
    public void Add(long end, T value) => _seconds.Add(new Slice<T>(end, value));

    /// <summary>Merges the seconds of each minute that has been over for a minute.</summary>
    public void Condense(long now)
    {
        while (_seconds.Count > 0 && MinuteOf(_seconds[0]) + 1 < now / Minute)
        {
            var minute = MinuteOf(_seconds[0]);
            var length = 1;
            while (length < _seconds.Count && MinuteOf(_seconds[length]) == minute)
            {
                length++;
            }

            _minutes.Add(new Slice<T>(_seconds[length - 1].End, T.Merge(Seconds[..length])));
            _seconds.RemoveRange(0, length);
        }
    }

    /// <summary>Takes out the oldest slice if it has been over for an hour.</summary>
    public bool TryExpire(long now, out T value)
    {
        if (_minutes.Count == 0 || _minutes[0].End > now - SliceClock.Kept)
        {
            value = default;
            return false;
        }

        value = _minutes[0].Value;
        _minutes.RemoveAt(0);
        return true;
    }

    private static long MinuteOf(in Slice<T> slice) => (slice.End - 1) / Minute;
}
