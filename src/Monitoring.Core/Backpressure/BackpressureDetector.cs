using static Monitoring.Backpressure.BackpressureReasons;

namespace Monitoring.Backpressure;

/// <summary>
/// Decides whether a queue backs up: latched signals, so that a queue at a threshold does not flap.
/// <see cref="Evaluate"/> is called by one loop; <see cref="Current"/> is read from anywhere.
/// </summary>
internal sealed class BackpressureDetector(TimeProvider timeProvider)
{
    private readonly LatchedSignal[] _latches = [.. Enum.GetValues<BackpressureSignal>().Select(_ => new LatchedSignal(timeProvider))];
    private readonly LatchedSignal _severeDepth = new(timeProvider);
    private BackpressureStatus _current = BackpressureStatus.None;

    public BackpressureStatus Current => Volatile.Read(ref _current);

    public BackpressureStatus Evaluate(in BackpressureSignals signals, BackpressureOptions options)
    {
        var holding = new List<BackpressureSignal>();
        var reasons = new List<string>();

        if (Holds(BackpressureSignal.NoWorkers, BackpressureRules.NoWorkers(in signals)))
        {
            Add(BackpressureSignal.NoWorkers, NoWorkers(in signals));
        }

        if (Holds(BackpressureSignal.NoProgress, BackpressureRules.NoProgress(in signals, options)))
        {
            Add(BackpressureSignal.NoProgress, NoProgress(in signals));
        }

        if (Holds(BackpressureSignal.Arrivals, BackpressureRules.Arrivals(in signals, options, _latches[(int)BackpressureSignal.Arrivals].IsSet)))
        {
            Add(BackpressureSignal.Arrivals, Arrivals(in signals));
        }

        var depth = BackpressureRules.Depth(in signals);
        if (Holds(BackpressureSignal.Depth, depth, options.DepthPercent))
        {
            Add(BackpressureSignal.Depth, Text($"The queue holds {signals.Depth:N0} of {signals.Capacity:N0} tasks ({depth ?? 0:0} %){Limit(depth, options.DepthPercent, options)}."));
        }

        var utilization = BackpressureRules.Utilization(in signals, options);
        if (Holds(BackpressureSignal.Utilization, utilization, options.UtilizationPercent))
        {
            Add(BackpressureSignal.Utilization, Text(
                $"The workers are busy {signals.UtilizationPercent ?? 0:0} % of the time{Limit(utilization, options.UtilizationPercent, options)}."));
        }

        var processing = BackpressureRules.ProcessingTime(in signals, options);
        if (Holds(BackpressureSignal.ProcessingTime, processing, options.ProcessingTimePercent))
        {
            Add(BackpressureSignal.ProcessingTime, Text(
                $"Tasks take {signals.AverageProcessingTime.TotalSeconds:0.###} s on average, {processing ?? 0:0} % of their timeout of {signals.TaskTimeout.TotalSeconds:0.###} s{Limit(processing, options.ProcessingTimePercent, options)}."));
        }

        if (Holds(BackpressureSignal.Sojourn, BackpressureRules.Sojourn(in signals, options, out var standing)))
        {
            Add(BackpressureSignal.Sojourn, Sojourn(in signals, in standing, options));
        }

        if (Holds(BackpressureSignal.OldestTask, BackpressureRules.OldestTask(in signals, options, out var oldest)))
        {
            Add(BackpressureSignal.OldestTask, OldestTask(in signals, in oldest, options));
        }

        if (Holds(BackpressureSignal.Workers, BackpressureRules.Workers(in signals, options)))
        {
            Add(BackpressureSignal.Workers, Workers(in signals));
        }

        if (Holds(BackpressureSignal.Redelivery, BackpressureRules.Redelivery(in signals, options), options.RedeliveryPercent))
        {
            Add(BackpressureSignal.Redelivery, Redelivery(in signals, options.RedeliveryPercent));
        }

        if (signals.IsPaused && reasons.Count > 0)
        {
            reasons.Add("The queue is paused.");
        }

        var nearlyFull = Update(_severeDepth, depth, options.SevereDepthPercent);
        var status = ToStatus(in signals, holding, reasons, nearlyFull, oldest.OldestAge);
        Volatile.Write(ref _current, status);
        return status;

        bool Holds(BackpressureSignal signal, double? value, double threshold = BackpressureRules.Limit) =>
            Update(_latches[(int)signal], value, threshold);

        bool Update(LatchedSignal latch, double? value, double threshold) =>
            latch.Update(value, threshold, threshold * options.ClearPercent / 100, options.ClearAfter);

        void Add(BackpressureSignal signal, string reason)
        {
            holding.Add(signal);
            reasons.Add(reason);
        }
    }

    private BackpressureStatus ToStatus(
        in BackpressureSignals signals, List<BackpressureSignal> holding, List<string> reasons, bool nearlyFull, TimeSpan? oldestAge)
    {
        var level = holding.Count == 0 ? BackpressureLevel.None : nearlyFull || IsSevere(holding) ? BackpressureLevel.Severe : BackpressureLevel.Elevated;
        return new BackpressureStatus
        {
            Level = level,
            Since = level == BackpressureLevel.None ? null : _current.Since ?? timeProvider.GetUtcNow(),
            Signals = holding,
            Reasons = reasons,
            ArrivalRatePerSecond = signals.ArrivalRate,
            CompletionRatePerSecond = signals.CompletionRate,
            EstimatedTimeToFull = BackpressureEstimates.TimeToFull(in signals),
            EstimatedDrainTime = BackpressureEstimates.DrainTime(in signals),
            RequiredWorkers = BackpressureEstimates.RequiredWorkers(in signals),
            MinimumSojourn = signals.Lanes?.Max(static lane => lane.MinimumSojourn),
            OldestTaskAge = oldestAge,
        };
    }

    // Waits, arrivals and the want of workers are faces of one thing: however many of them hold, they count once.
    private static bool IsSevere(List<BackpressureSignal> holding) =>
        holding.Exists(static signal => signal is BackpressureSignal.NoWorkers or BackpressureSignal.NoProgress)
        || holding.Count(static signal => signal is BackpressureSignal.Depth or BackpressureSignal.Utilization or BackpressureSignal.ProcessingTime) >= 2;

    private static string Limit(double? value, double threshold, BackpressureOptions options)
    {
        var clearBelow = threshold * options.ClearPercent / 100;
        return value > threshold
            ? Text($"; the limit is {threshold:0} %")
            : Text($"; it was over {threshold:0} % and clears after {options.ClearAfter.TotalSeconds:0.#} s below {clearBelow:0} %");
    }
}
