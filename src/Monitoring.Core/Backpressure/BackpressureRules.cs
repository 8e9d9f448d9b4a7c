namespace Monitoring.Backpressure;

/// <summary>
/// What each signal measures, as docs/backpressure.md explains it: in percent, and null where its source is unknown or does
/// not matter. Those without a threshold of their own in percent are given as a share of it.
/// </summary>
internal static class BackpressureRules
{
    /// <summary>What a value is above that has no percentage of its own for a threshold.</summary>
    public const double Limit = 100;

    // In a stable M/M/c queue P(wait > t) is at most e^(−c(1−ρ)t/S), S being the mean processing time (Gross, Shortle,
    // Thompson, Harris, "Fundamentals of Queueing Theory", 4th edition, 2.3). At 90 % utilisation one wait in 22,000 is longer
    // than 100 S/c (e⁻¹⁰).
    private const double OrdinaryWaits = 100;

    // Of the gaps between two starts while all workers are busy, as many are longer than this: P(gap > t) = e^(−ct/S).
    private const double OrdinaryGaps = 10;

    // Of two Poisson counts with the same mean, the difference is above three of its standard deviations √(A+C) once in 740
    // (J. Przyborowski, H. Wilenski, Biometrika 31, 1940).
    private const double Significance = 3;

    // A batch raises the depth once, more work than can be done raises it again and again.
    private const int Sustained = 3;

    // A share of "infinitely late" that can still be compared.
    private const double Most = 1e6;
    private const double LongestSeconds = 365 * 86400.0;

    public static double? Depth(in BackpressureSignals signals) => signals.Capacity > 0 ? 100.0 * signals.Depth / signals.Capacity : null;

    /// <summary>Busy workers are what they are there for, until tasks wait for them longer than is usual.</summary>
    public static double? Utilization(in BackpressureSignals signals, BackpressureOptions options) =>
        WaitsLong(in signals, options) == false ? null : signals.UtilizationPercent;

    public static double? ProcessingTime(in BackpressureSignals signals, BackpressureOptions options) =>
        signals.TaskTimeout > TimeSpan.Zero && signals.Attempts >= options.MinimumAttempts
            ? 100.0 * signals.AverageProcessingTime.Ticks / signals.TaskTimeout.Ticks
            : null;

    /// <param name="signals">What is seen.</param>
    /// <param name="options">Where the thresholds are.</param>
    /// <param name="holds">Whether it holds already: then chance is not asked again.</param>
    public static double? Arrivals(in BackpressureSignals signals, BackpressureOptions options, bool holds)
    {
        var surplus = signals.Arrivals - signals.Completions;
        var isChance = signals.Risen < Sustained || surplus < Significance * Math.Sqrt(signals.Arrivals + signals.Completions);
        if (surplus <= 0 || signals.Risen == 0 || (isChance && !holds))
        {
            return null;
        }

        // Where others add or take as well, the depth does not do what our counts say, and these say nothing.
        if (signals.Growth is { } growth && signals.RejectionRate <= 0 && growth + (signals.Workers ?? 0) < surplus / 2.0)
        {
            return null;
        }

        var soon = BackpressureEstimates.TimeToFull(in signals) is { } full ? Share(options.FillHorizon, full) : 0;
        var now = ExpectedWait(in signals) is { } wait ? Share(wait, WaitTarget(in signals, options)) : 0;
        return Math.Max(soon, now);
    }

    /// <summary>The lane that stands the longest.</summary>
    public static double? Sojourn(in BackpressureSignals signals, BackpressureOptions options, out LaneSignals worst)
    {
        worst = default;
        if (signals.IsPaused || signals.Lanes is not { Length: > 0 } lanes)
        {
            return null;
        }

        var window = signals.Window;
        worst = lanes.MaxBy(lane => StandingDelay(in lane, window));
        return StandingDelay(in worst, window) is { } delay ? Share(delay, WaitTarget(in signals, options)) : null;
    }

    public static double? OldestTask(in BackpressureSignals signals, BackpressureOptions options, out LaneSignals worst)
    {
        worst = signals.Lanes is { Length: > 0 } lanes ? lanes.MaxBy(static lane => lane.OldestAge) : default;
        return worst.OldestAge is { } age ? Share(age, OldestLimit(in signals, options)) : null;
    }

    /// <summary>The work that arrives, as a share of what the workers can do; what may be chance is taken off.</summary>
    public static double? Workers(in BackpressureSignals signals, BackpressureOptions options)
    {
        if (signals.IsPaused || signals.Workers is not > 0 || signals.Arrivals == 0 || signals.Attempts < options.MinimumAttempts || WaitsLong(in signals, options) != true)
        {
            return null;
        }

        // Of n exponential times at Poisson moments the sum has a relative deviation of √(2/n).
        var certain = 1 - Math.Sqrt(2.0 / signals.Attempts);
        return 100 * BackpressureEstimates.OfferedLoad(in signals) * certain / signals.Workers.Value;
    }

    public static double? NoProgress(in BackpressureSignals signals, BackpressureOptions options)
    {
        if (signals.IsPaused || !signals.SeesProgress || signals.Depth == 0 || signals.Standstill is not { } standstill)
        {
            return null;
        }

        var limit = Longer(options.NoProgressAfter, Scaled(in signals, OrdinaryGaps));
        return Share(standstill, signals.Busy > 0 && signals.Busy >= signals.Workers ? Longer(limit, signals.TaskTimeout) : limit);
    }

    /// <summary>Workers start a little after their queue: it takes a window of standstill.</summary>
    public static double? NoWorkers(in BackpressureSignals signals) =>
        signals is { IsPaused: false, Workers: 0, Busy: 0, Depth: > 0, Standstill: { } standstill } ? Share(standstill, signals.Window) : null;

    public static double? Redelivery(in BackpressureSignals signals, BackpressureOptions options) =>
        signals.Redelivered >= options.MinimumAttempts ? 100.0 * signals.Redelivered / Math.Max(signals.Deliveries, signals.Redelivered) : null;

    /// <summary>The wait from which on a task waits too long, unless tasks are so long that a stable queue has such waits too.</summary>
    public static TimeSpan WaitTarget(in BackpressureSignals signals, BackpressureOptions options) =>
        Longer(options.SojournTarget, Scaled(in signals, OrdinaryWaits));

    /// <summary>The age from which on the oldest task is too old, with the same exception.</summary>
    public static TimeSpan OldestLimit(in BackpressureSignals signals, BackpressureOptions options) =>
        Longer(options.OldestTaskAge, Scaled(in signals, OrdinaryWaits));

    /// <summary>How long even the luckiest task had to wait (CoDel's signal); null when the lane does not stand.</summary>
    public static TimeSpan? StandingDelay(in LaneSignals lane, TimeSpan window)
    {
        if (!lane.SeesSojourn || lane.OldestAge is null)
        {
            return null;
        }

        // Nothing handed out means no sojourn was seen: the age speaks, once it is of a whole interval.
        return lane.MinimumSojourn ?? (lane.OldestAge >= window ? lane.OldestAge : null);
    }

    private static bool? WaitsLong(in BackpressureSignals signals, BackpressureOptions options) =>
        ExpectedWait(in signals) is { } wait ? wait > WaitTarget(in signals, options) : null;

    /// <summary>
    /// The wait of a task that comes now, if the order were that of arrival: all that wait before it, by what the workers can
    /// do. The age of the oldest, where that is unknown, says the same only of a queue without priorities.
    /// </summary>
    private static TimeSpan? ExpectedWait(in BackpressureSignals signals)
    {
        if (signals.Depth == 0)
        {
            return TimeSpan.Zero;
        }

        if (Scaled(in signals, signals.Depth) is { Ticks: > 0 } expected)
        {
            return expected;
        }

        return signals.Lanes?.Max(static lane => lane.OldestAge)
            ?? (signals.CompletionRate > 0 ? TimeSpan.FromSeconds(Math.Min(signals.Depth / signals.CompletionRate, LongestSeconds)) : null);
    }

    private static TimeSpan Scaled(in BackpressureSignals signals, double times) =>
        signals.Workers is > 0 ? signals.ServiceTime * (times / signals.Workers.Value) : TimeSpan.Zero;

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static double Share(TimeSpan value, TimeSpan threshold) =>
        threshold > TimeSpan.Zero ? Math.Min(Most, 100.0 * value.Ticks / threshold.Ticks) : value > TimeSpan.Zero || threshold == TimeSpan.Zero ? Most : 0;
}
