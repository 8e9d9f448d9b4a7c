namespace Monitoring.SlowOperations;

/// <summary>The slow operations of one kind in one slice. For one thread at a time.</summary>
internal sealed class SlowSlice
{
    public long Number { get; private set; } = -1;

    public long Count { get; private set; }

    public long Failures { get; private set; }

    /// <summary>Sum of the durations in ticks; floating-point, so that it cannot overflow.</summary>
    public double Time { get; private set; }

    public TimeSpan Worst { get; private set; }

    public SlowDurations Durations { get; } = new();

    /// <summary>Makes it the slice of that number; what it held of another is forgotten.</summary>
    public void Begin(long number)
    {
        if (Number != number)
        {
            Clear();
            Number = number;
        }
    }

    public void Record(TimeSpan duration, bool failed)
    {
        Count++;
        Failures += failed ? 1 : 0;
        Time += duration.Ticks;
        Worst = duration > Worst ? duration : Worst;
        Durations.Record(duration);
    }

    public void Clear()
    {
        (Number, Count, Failures, Time, Worst) = (-1, 0, 0, 0, TimeSpan.Zero);
        Durations.Clear();
    }
}
