using System.Runtime.InteropServices;
using Monitoring.Latency;

namespace Monitoring.Requests;

/// <summary>
/// Who was most active, over a sliding hour in slices of five minutes: a space-saving sketch of K counters for each slice
/// (Metwally, Agrawal and El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005), merged when
/// it is read (Agarwal et al., "Mergeable Summaries", PODS 2012). Who has more than 1/K of a slice's requests is in it, and no
/// count is too low. Thread-safe: adding takes a short lock in which nobody else's code runs, and allocates nothing but every five minutes.
/// </summary>
internal sealed class TopList
{
    /// <summary>A newcomer to a full sketch looks for the smallest counter: more would make that long.</summary>
    public const int LargestCapacity = 200;

    private readonly Lock _lock = new();
    private readonly SliceClock _clock;
    private readonly int _capacity;
    private readonly Dictionary<ulong, int> _positions;
    private readonly Counter[] _open;
    private readonly List<Slice> _closed = [];
    private int _used;
    private long _number;

    /// <param name="clock">The clock of its slices; who adds or reads closes them.</param>
    /// <param name="capacity">How many are told apart; zero for none.</param>
    public TopList(SliceClock clock, int capacity)
    {
        _clock = clock;
        _capacity = capacity;
        _positions = new Dictionary<ulong, int>(capacity);
        _open = new Counter[capacity];
        _number = CoarseSlice.NumberOf(clock.Second);
    }

    public bool IsKept => _capacity > 0;

    /// <summary>Counts a request.</summary>
    /// <param name="id">Whose.</param>
    /// <param name="text">What is shown in place of the number; null for the number.</param>
    /// <param name="failed">Whether it failed.</param>
    /// <param name="duration">How long it took.</param>
    public void Add(ulong id, string? text, bool failed, TimeSpan duration)
    {
        var second = _clock.Second;
        lock (_lock)
        {
            CloseUnderLock(second);
            ref var counter = ref _open[PositionUnderLock(id)];
            counter.Text = text;
            counter.Count++;
            counter.Failures += failed ? 1 : 0;
            counter.Time += Math.Max(duration.Ticks, 0);
        }
    }

    /// <summary>Those of the window, which begins up to five minutes earlier than asked for; the most active first.</summary>
    public IReadOnlyList<RequestActivity> Read(TimeSpan window)
    {
        var (second, from) = _clock.GetWindow(window);
        List<Slice> slices;
        lock (_lock)
        {
            CloseUnderLock(second);
            slices = [.. _closed.Where(slice => CoarseSlice.IsAfter(from, slice.Number))];
            if (_used > 0)
            {
                slices.Add(OpenSliceUnderLock());
            }
        }

        return Merge(slices);
    }

    // Who a slice has no counter for may have had that slice's smallest count: the estimate takes it in.
    private List<RequestActivity> Merge(List<Slice> slices)
    {
        var minimum = slices.Sum(static slice => slice.Minimum);
        var sums = new Dictionary<ulong, Counter>();
        foreach (var slice in slices)
        {
            foreach (ref readonly var counter in slice.Counters.AsSpan())
            {
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, counter.Id, out _);
                sum.Id = counter.Id;
                sum.Text = counter.Text;
                sum.Count += counter.Count - slice.Minimum;
                sum.Counted += counter.Count - counter.Inherited;
                sum.Failures += counter.Failures;
                sum.Time += counter.Time;
            }
        }

        return
        [
            .. sums.Values.OrderByDescending(static sum => sum.Count).ThenBy(static sum => sum.Id).Take(_capacity).Select(sum => new RequestActivity
            {
                Id = sum.Text ?? IdHash.ToText(sum.Id),
                Count = sum.Count + minimum,
                Failures = sum.Failures,
                Time = TimeSpan.FromTicks((long)Math.Min(sum.Time, long.MaxValue / 2)),
                ErrorPercent = Math.Clamp(100.0 * (sum.Count + minimum - sum.Counted) / (sum.Count + minimum), 0, 100),
            }),
        ];
    }

    private int PositionUnderLock(ulong id)
    {
        if (_positions.TryGetValue(id, out var position))
        {
            return position;
        }

        if (_used < _capacity)
        {
            position = _used++;
            _open[position] = new Counter { Id = id };
        }
        else
        {
            position = SmallestUnderLock();
            ref var loser = ref _open[position];
            _positions.Remove(loser.Id);
            loser = new Counter { Id = id, Count = loser.Count, Inherited = loser.Count };
        }

        _positions.Add(id, position);
        return position;
    }

    private int SmallestUnderLock()
    {
        var smallest = 0;
        for (var i = 1; i < _used; i++)
        {
            if (_open[i].Count < _open[smallest].Count)
            {
                smallest = i;
            }
        }

        return smallest;
    }

    private Slice OpenSliceUnderLock() =>
        new(_number, _open.AsSpan(0, _used).ToArray(), _used < _capacity ? 0 : _open[SmallestUnderLock()].Count);

    private void CloseUnderLock(long second)
    {
        var number = CoarseSlice.NumberOf(second);
        if (number <= _number)
        {
            return;
        }

        if (_used > 0)
        {
            _closed.Add(OpenSliceUnderLock());
            _open.AsSpan(0, _used).Clear();
            _positions.Clear();
            _used = 0;
        }

        _number = number;
        while (_closed.Count > 0 && !CoarseSlice.IsAfter(second - SliceClock.Kept, _closed[0].Number))
        {
            _closed.RemoveAt(0);
        }
    }

    private struct Counter
    {
        public ulong Id;
        public string? Text;

        /// <summary>Requests, what was inherited included.</summary>
        public long Count;

        /// <summary>What the counter had when it was taken from somebody else.</summary>
        public long Inherited;

        /// <summary>Requests that were seen; of sums only.</summary>
        public long Counted;
        public long Failures;

        /// <summary>Ticks; floating-point, so that it cannot overflow.</summary>
        public double Time;
    }

    private sealed record Slice(long Number, Counter[] Counters, long Minimum);
}
