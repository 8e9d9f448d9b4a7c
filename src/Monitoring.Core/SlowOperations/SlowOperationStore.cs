using Monitoring.Latency;

namespace Monitoring.SlowOperations;

/// <summary>
/// Slow operations by the fingerprint of what they are, over a sliding hour in slices of five minutes. Bounded: when it is
/// full, the kind that was slow least recently makes room, so that new trouble is seen. Thread-safe: recording takes a short
/// lock in which nobody else's code runs, and allocates only for a kind that is new or has a first slow operation in a slice.
/// Memory at most: 6 KB and the text for each kind, which is 1.3 MB for 200 kinds that are slow all hour.
/// </summary>
internal sealed class SlowOperationStore
{
    /// <summary>How many characters of a text are looked at and kept.</summary>
    public const int LongestText = 512;

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, LinkedListNode<SlowOperationSeries>> _byFingerprint = [];

    // Most recently slow first.
    private readonly LinkedList<SlowOperationSeries> _byRecency = new();
    private readonly SliceClock _clock;
    private readonly int _capacity;
    private long _overflowed;

    /// <param name="clock">The clock of its windows.</param>
    /// <param name="capacity">How many kinds are told apart; zero keeps none.</param>
    public SlowOperationStore(SliceClock clock, int capacity)
    {
        _clock = clock;
        _capacity = capacity;
    }

    /// <summary>How many kinds had to make room for another since the start.</summary>
    public long Overflowed
    {
        get
        {
            lock (_lock)
            {
                return _overflowed;
            }
        }
    }

    /// <summary>Records a slow operation that ended now.</summary>
    /// <param name="text">What it is, normalised; nothing of it that identifies anybody.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="failed">Whether it failed.</param>
    public void Record(ReadOnlySpan<char> text, TimeSpan duration, bool failed)
    {
        if (_capacity == 0)
        {
            return;
        }

        text = text[..Math.Min(text.Length, LongestText)];
        var fingerprint = Fingerprint.Of(text);
        var now = _clock.TimeProvider.GetUtcNow();
        var number = CoarseSlice.NumberOf(_clock.Second);
        lock (_lock)
        {
            GetUnderLock(fingerprint, text).Record(number, duration < TimeSpan.Zero ? TimeSpan.Zero : duration, failed, now);
        }
    }

    /// <summary>
    /// Those of the window, which begins up to five minutes earlier than asked for; those that took the most time together
    /// first.
    /// </summary>
    public IReadOnlyList<SlowOperation> GetOperations(TimeSpan window)
    {
        var (_, from) = _clock.GetWindow(window);
        List<SlowOperation> operations;
        lock (_lock)
        {
            operations = new List<SlowOperation>(_byRecency.Count);
            foreach (var series in _byRecency)
            {
                if (series.Read(from) is { } operation)
                {
                    operations.Add(operation);
                }
            }
        }

        return [.. operations.OrderByDescending(static operation => operation.Average.Ticks * (double)operation.Count)];
    }

    private SlowOperationSeries GetUnderLock(ulong fingerprint, ReadOnlySpan<char> text)
    {
        if (_byFingerprint.TryGetValue(fingerprint, out var node))
        {
            _byRecency.Remove(node);
        }
        else if (_byFingerprint.Count < _capacity)
        {
            node = new LinkedListNode<SlowOperationSeries>(new SlowOperationSeries(fingerprint, text.ToString()));
            _byFingerprint.Add(fingerprint, node);
        }
        else
        {
            node = _byRecency.Last!;
            _byRecency.RemoveLast();
            _byFingerprint.Remove(node.Value.Fingerprint);
            node.Value.Become(fingerprint, text.ToString());
            _byFingerprint.Add(fingerprint, node);
            _overflowed++;
        }

        _byRecency.AddFirst(node);
        return node.Value;
    }
}
