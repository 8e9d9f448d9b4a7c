using Monitoring.Latency;

namespace Monitoring.Webhooks;

/// <summary>
/// The slowest webhooks of each minute of the last hour, so many of each. Thread-safe: a webhook that is not among the slowest of
/// its minute costs a comparison, one that is takes a short lock in which nobody else's code runs.
/// </summary>
/// <param name="clock">The clock of its minutes.</param>
/// <param name="capacity">How many of each minute are kept, and are listed; zero keeps none.</param>
internal sealed class SlowestWebhooks(SliceClock clock, int capacity)
{
    private const long Minute = 60;

    private readonly Lock _lock = new();

    // Oldest first, of different minutes; guarded by the lock.
    private readonly LinkedList<Slice> _slices = new();

    // What a webhook must exceed to be kept. Replaced as a whole under the lock, read without it: who reads an old one takes
    // the lock in vain or, in the last moment of a minute, misses a place that was just filled by a slower one.
    private volatile Bar _bar = new(-1, 0);

    public void Record(WebhookTimingBreakdown breakdown)
    {
        var second = clock.Second;
        var (bar, ticks) = (_bar, breakdown.Total.Ticks);
        if (capacity == 0 || (bar.Minute == second / Minute && ticks <= bar.Ticks))
        {
            return;
        }

        lock (_lock)
        {
            var slice = CurrentUnderLock(second);
            slice.Kept.Enqueue((breakdown, second), ticks);
            if (slice.Kept.Count > capacity)
            {
                slice.Kept.Dequeue();
            }

            if (slice.Kept.Count == capacity && slice.Kept.TryPeek(out _, out var least))
            {
                _bar = new Bar(slice.Minute, least);
            }
        }
    }

    /// <summary>The slowest of the window, the slowest first.</summary>
    public IReadOnlyList<WebhookTimingBreakdown> ToList(TimeSpan window)
    {
        var (_, from) = clock.GetWindow(window);
        lock (_lock)
        {
            return
            [
                .. _slices.SelectMany(static slice => slice.Kept.UnorderedItems)
                    .Where(kept => kept.Element.Second >= from)
                    .OrderByDescending(static kept => kept.Priority)
                    .Take(capacity)
                    .Select(static kept => kept.Element.Breakdown),
            ];
        }
    }

    // Another thread may have begun the next minute meanwhile: then a webhook of the last second counts in that.
    private Slice CurrentUnderLock(long second)
    {
        if (_slices.Last?.Value is not { } last || last.Minute < second / Minute)
        {
            _slices.AddLast(last = new Slice(second / Minute));
            while (_slices.First!.Value.Minute < (second - SliceClock.Kept) / Minute)
            {
                _slices.RemoveFirst();
            }
        }

        return last;
    }

    private sealed record Bar(long Minute, long Ticks);

    private sealed class Slice(long minute)
    {
        public long Minute => minute;

        /// <summary>The fastest of them first.</summary>
        public PriorityQueue<(WebhookTimingBreakdown Breakdown, long Second), long> Kept { get; } = new();
    }
}
