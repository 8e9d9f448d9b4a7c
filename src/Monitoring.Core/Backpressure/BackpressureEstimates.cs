namespace Monitoring.Backpressure;

/// <summary>Where a queue is heading if its rates stay as they are.</summary>
internal static class BackpressureEstimates
{
    // A difference this small says "never" in practice, and a TimeSpan could not hold the time anyway.
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(365);

    public static TimeSpan? TimeToFull(in BackpressureSignals signals) =>
        signals.Capacity <= 0 ? null : TimeFor(Math.Max(0, signals.Capacity - signals.Depth), signals.ArrivalRate - signals.CompletionRate);

    public static TimeSpan? DrainTime(in BackpressureSignals signals) =>
        signals.Depth == 0 ? TimeSpan.Zero : TimeFor(signals.Depth, signals.CompletionRate - signals.ArrivalRate);

    public static int? RequiredWorkers(in BackpressureSignals signals)
    {
        if (signals.Attempts == 0)
        {
            return null;
        }

        var required = Math.Ceiling((signals.ArrivalRate + signals.RetryRate) * signals.AverageProcessingTime.TotalSeconds);
        return (int)Math.Min(required, int.MaxValue);
    }

    private static TimeSpan? TimeFor(int tasks, double ratePerSecond) =>
        ratePerSecond > 0 && tasks / ratePerSecond < Horizon.TotalSeconds ? TimeSpan.FromSeconds(tasks / ratePerSecond) : null;
}
