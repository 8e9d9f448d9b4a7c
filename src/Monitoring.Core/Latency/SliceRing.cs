namespace Monitoring.Latency;

/// <summary>What a slice holds; neighbours are merged when they have become old.</summary>
internal interface ISlice<TSelf>
    where TSelf : ISlice<TSelf>
{
    /// <summary>One slice in place of several; they are given in the order of their time.</summary>
    static abstract TSelf Merge(IReadOnlyList<TSelf> slices);
}

/// <summary>
/// The closed slices of the last hour, oldest first: single seconds for the last minute or two, minutes before that.
/// At most 120 and 61 of them. For one thread at a time.
/// </summary>
internal sealed class SliceRing<T>
    where T : ISlice<T>
{
    private const long Minute = 60;

    /// <summary>The older slices, a minute each, oldest first.</summary>
    public Queue<Slice> Minutes { get; } = new();

    /// <summary>The newer slices, a second each, oldest first.</summary>
    public Queue<Slice> Seconds { get; } = new();

    /// <summary>Adds the slice that ended at <paramref name="end"/>, a second of the clock; later than any before.</summary>
    public void Add(long end, T value) => Seconds.Enqueue(new Slice(end, value));

    /// <summary>Merges the seconds of each minute that has been over for a minute.</summary>
    public void Condense(long now)
    {
        while (Seconds.TryPeek(out var oldest) && MinuteOf(oldest) + 1 < now / Minute)
        {
            var minute = MinuteOf(oldest);
            var end = oldest.End;
            var values = new List<T>();
            while (Seconds.TryPeek(out var next) && MinuteOf(next) == minute)
            {
                end = next.End;
                values.Add(Seconds.Dequeue().Value);
            }

            Minutes.Enqueue(new Slice(end, T.Merge(values)));
        }
    }

    /// <summary>Takes out the oldest slice if it has been over for an hour.</summary>
    public bool TryExpire(long now, out T value)
    {
        if (Minutes.TryPeek(out var oldest) && oldest.End <= now - SliceClock.Kept)
        {
            value = Minutes.Dequeue().Value;
            return true;
        }

        value = default!;
        return false;
    }

    private static long MinuteOf(in Slice slice) => (slice.End - 1) / Minute;

    /// <summary>A closed slice and the second of the clock at which it ended.</summary>
    public readonly record struct Slice(long End, T Value);
}
