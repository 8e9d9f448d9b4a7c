using Monitoring.Latency;

namespace Monitoring.SlowOperations;

/// <summary>The slow operations of one kind over an hour, in slices that are made when they are needed. For one thread at a time.</summary>
internal sealed class SlowOperationSeries(ulong fingerprint, string text)
{
    private readonly SlowSlice?[] _slices = new SlowSlice?[CoarseSlice.Count];
    private TimeSpan _last;
    private DateTimeOffset _lastAt;

    public ulong Fingerprint { get; private set; } = fingerprint;

    private string Text { get; set; } = text;

    public void Record(long number, TimeSpan duration, bool failed, DateTimeOffset now)
    {
        var slice = _slices[number % CoarseSlice.Count] ??= new SlowSlice();
        slice.Begin(number);
        slice.Record(duration, failed);
        (_last, _lastAt) = (duration, now);
    }

    /// <summary>Makes it another kind's, that nothing was recorded of.</summary>
    public void Become(ulong fingerprint, string text)
    {
        (Fingerprint, Text) = (fingerprint, text);
        foreach (var slice in _slices)
        {
            slice?.Clear();
        }
    }

    /// <summary>What was recorded after a second of the clock; null when that is nothing.</summary>
    public SlowOperation? Read(long from)
    {
        var (count, failures, time, worst) = (0L, 0L, 0.0, TimeSpan.Zero);
        var durations = SlowDurations.NewCounts();
        foreach (var slice in _slices)
        {
            if (slice is { Count: > 0 } && CoarseSlice.IsAfter(from, slice.Number))
            {
                count += slice.Count;
                failures += slice.Failures;
                time += slice.Time;
                worst = slice.Worst > worst ? slice.Worst : worst;
                slice.Durations.AddTo(durations);
            }
        }

        return count == 0 ? null : new SlowOperation
        {
            Fingerprint = SlowOperations.Fingerprint.ToText(Fingerprint),
            Text = Text,
            Count = count,
            Failures = failures,
            Average = TimeSpan.FromTicks((long)(time / count)),
            P95 = SlowDurations.GetPercentile(durations, count, 95, worst),
            Worst = worst,
            Last = _last,
            LastAt = _lastAt,
        };
    }
}
