using Monitoring.Latency;

namespace Monitoring.Measurements;

/// <summary>
/// The values of one name: by the second for a minute, by the minute for an hour, 6 KB. Thread-safe; recording takes a
/// short lock, in which nobody else's code runs, and allocates nothing.
/// </summary>
internal sealed class MeasurementSeries(string name, SliceClock clock)
{
    private const int SecondsPerMinute = 60;
    private const int Minutes = (int)(SliceClock.Kept / SecondsPerMinute) + 1;

    private readonly Lock _lock = new();

    // One more than a minute has: the oldest of a window counts whole.
    private readonly Slice[] _seconds = new Slice[SecondsPerMinute + 1];
    private readonly Slice[] _minutes = new Slice[Minutes];
    private double _last;
    private DateTimeOffset _lastAt;

    public string Name { get; } = name;

    public void Record(double value)
    {
        var second = clock.Second;
        var now = clock.TimeProvider.GetUtcNow();
        lock (_lock)
        {
            (_last, _lastAt) = (value, now);
            Add(_seconds, second, value);
            Add(_minutes, second / SecondsPerMinute, value);
        }
    }

    /// <summary>To the second for up to a minute, to the minute beyond: the oldest slice counts whole.</summary>
    public MeasurementSummary Read(TimeSpan window)
    {
        var (_, from) = clock.GetWindow(window);
        var bySecond = window <= TimeSpan.FromSeconds(SecondsPerMinute);
        var length = bySecond ? 1 : SecondsPerMinute;
        var (count, sum, minimum, maximum) = (0L, 0.0, double.PositiveInfinity, double.NegativeInfinity);
        lock (_lock)
        {
            foreach (ref readonly var slice in (bySecond ? _seconds : _minutes).AsSpan())
            {
                if (slice.Count > 0 && (slice.Number + 1) * length > from)
                {
                    count += slice.Count;
                    sum += slice.Sum;
                    minimum = Math.Min(minimum, slice.Minimum);
                    maximum = Math.Max(maximum, slice.Maximum);
                }
            }

            return new MeasurementSummary
            {
                Name = Name,
                Count = count,
                Last = _last,
                LastAt = _lastAt,
                Average = count == 0 ? 0 : sum / count,
                Minimum = count == 0 ? 0 : minimum,
                Maximum = count == 0 ? 0 : maximum,
            };
        }
    }

    private static void Add(Slice[] slices, long number, double value)
    {
        ref var slice = ref slices[number % slices.Length];
        if (slice.Count == 0 || slice.Number != number)
        {
            slice = new Slice { Number = number, Minimum = value, Maximum = value };
        }

        slice.Count++;
        slice.Sum += value;
        slice.Minimum = Math.Min(slice.Minimum, value);
        slice.Maximum = Math.Max(slice.Maximum, value);
    }

    private struct Slice
    {
        public long Number;
        public long Count;
        public double Sum;
        public double Minimum;
        public double Maximum;
    }
}
