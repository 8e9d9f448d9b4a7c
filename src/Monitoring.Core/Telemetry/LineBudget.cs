namespace Monitoring.Telemetry;

/// <summary>
/// A token bucket, kept as the time at which it would be full again (generic cell rate algorithm, ITU-T I.371): so many lines at
/// once, and so many a second on and on. Counts those for which there was none. Thread-safe and lock-free.
/// </summary>
internal sealed class LineBudget(TimeProvider timeProvider)
{
    // In timestamps. Only moves on, by whoever wins the exchange; every win is one line.
    private long _fullAt = long.MinValue;
    private long _leftOut;

    /// <summary>Takes one line if there is one; counts it as left out if not.</summary>
    /// <param name="burst">Lines at once.</param>
    /// <param name="perSecond">Lines a second.</param>
    public bool TryTake(int burst, double perSecond)
    {
        var now = timeProvider.GetTimestamp();
        var interval = (long)(timeProvider.TimestampFrequency / perSecond);
        var before = Volatile.Read(ref _fullAt);
        while (true)
        {
            var from = Math.Max(before, now);
            if (from - now > (burst - 1) * interval)
            {
                Interlocked.Increment(ref _leftOut);
                return false;
            }

            var seen = Interlocked.CompareExchange(ref _fullAt, from + interval, before);
            if (seen == before)
            {
                return true;
            }

            before = seen;
        }
    }

    /// <summary>How many were left out since this was asked last. Each is told once, to whoever asks first.</summary>
    public long TakeLeftOut() => Volatile.Read(ref _leftOut) == 0 ? 0 : Interlocked.Exchange(ref _leftOut, 0);

    /// <summary>Counts lines that did not get out after all.</summary>
    public void PutBack(long lines) => Interlocked.Add(ref _leftOut, lines);
}
