namespace Monitoring.Latency;

/// <summary>
/// How many values were recorded since the start, and their sum. Whole nanoseconds, so that recorders add up to the same
/// sum in any order: one that fell by a rounding error would look like a restart to whoever computes rates.
/// </summary>
internal readonly record struct LatencyTotals(long Count, long Nanoseconds)
{
    public double Seconds => Nanoseconds / 1e9;

    public static LatencyTotals operator +(LatencyTotals left, LatencyTotals right) =>
        new(left.Count + right.Count, left.Nanoseconds + right.Nanoseconds);
}
