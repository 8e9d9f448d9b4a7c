namespace Monitoring.Backpressure;

/// <summary>Where a queue is heading if its rates stay as they are.</summary>
internal static class BackpressureEstimates
{
    // A difference this small says "never" in practice, and a TimeSpan could not hold the time anyway.
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(365);

    public static TimeSpan? TimeToFull(in BackpressureSignals signals) =>
        signals.Capacity <= 0 ? null : TimeFor(Math.Max(0, signals.Capacity - signals.Depth), signals.ArrivalRate + signals.RejectionRate - signals.CompletionRate);

    public static TimeSpan? DrainTime(in BackpressureSignals signals) =>
        signals.Depth == 0 ? TimeSpan.Zero : TimeFor(signals.Depth, signals.CompletionRate - signals.ArrivalRate - signals.RejectionRate);

    public static int? RequiredWorkers(in BackpressureSignals signals) =>
        signals.Attempts == 0 ? null : (int)Math.Min(Math.Ceiling(OfferedLoad(in signals)), int.MaxValue);

    /// <summary>Workers that the arrivals keep busy: L = λW (Little).</summary>
    public static double OfferedLoad(in BackpressureSignals signals) =>
        (signals.ArrivalRate + signals.RejectionRate + signals.RetryRate) * signals.AverageProcessingTime.TotalSeconds;

    private static TimeSpan? TimeFor(int tasks, double ratePerSecond) =>
        ratePerSecond > 0 && tasks / ratePerSecond < Horizon.TotalSeconds ? TimeSpan.FromSeconds(tasks / ratePerSecond) : null;
}
