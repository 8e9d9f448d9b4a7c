using System.Globalization;

namespace Monitoring.Backpressure;

/// <summary>
/// Decides whether a queue backs up: three latched signals, so that a queue at the threshold does not flap.
/// <see cref="Evaluate"/> is called by one loop; <see cref="Current"/> is read from anywhere.
/// </summary>
internal sealed class BackpressureDetector
{
    private readonly BackpressureOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly LatchedSignal _depth;
    private readonly LatchedSignal _severeDepth;
    private readonly LatchedSignal _utilization;
    private readonly LatchedSignal _processing;
    private BackpressureStatus _current = BackpressureStatus.None;

    public BackpressureDetector(BackpressureOptions options, TimeProvider timeProvider)
    {
        _options = options;
        _timeProvider = timeProvider;
        _depth = Latch(options.DepthPercent);
        _severeDepth = Latch(options.SevereDepthPercent);
        _utilization = Latch(options.UtilizationPercent);
        _processing = Latch(options.ProcessingTimePercent);
    }

    public BackpressureStatus Current => Volatile.Read(ref _current);

    public BackpressureStatus Evaluate(in BackpressureSignals signals)
    {
        double? depth = signals.Capacity > 0 ? 100.0 * signals.Depth / signals.Capacity : null;
        double? processing = signals.TaskTimeout > TimeSpan.Zero && signals.Attempts >= _options.MinimumAttempts
            ? 100.0 * signals.AverageProcessingTime.Ticks / signals.TaskTimeout.Ticks
            : null;

        var reasons = new List<string>();
        if (_depth.Update(depth))
        {
            reasons.Add(Text($"The queue holds {signals.Depth:N0} of {signals.Capacity:N0} tasks ({depth ?? 0:0} %){Limit(depth, _options.DepthPercent)}."));
        }

        if (_utilization.Update(signals.UtilizationPercent))
        {
            reasons.Add(Text($"The workers are busy {signals.UtilizationPercent ?? 0:0} % of the time{Limit(signals.UtilizationPercent, _options.UtilizationPercent)}."));
        }

        if (_processing.Update(processing))
        {
            reasons.Add(Text(
                $"Tasks take {signals.AverageProcessingTime.TotalSeconds:0.###} s on average, {processing ?? 0:0} % of their timeout of {signals.TaskTimeout.TotalSeconds:0.###} s{Limit(processing, _options.ProcessingTimePercent)}."));
        }

        var isSevere = _severeDepth.Update(depth) || reasons.Count >= 2;
        var level = reasons.Count == 0 ? BackpressureLevel.None : isSevere ? BackpressureLevel.Severe : BackpressureLevel.Elevated;
        var status = new BackpressureStatus
        {
            Level = level,
            Since = level == BackpressureLevel.None ? null : _current.Since ?? _timeProvider.GetUtcNow(),
            Reasons = reasons,
            ArrivalRatePerSecond = signals.ArrivalRate,
            CompletionRatePerSecond = signals.CompletionRate,
            EstimatedTimeToFull = BackpressureEstimates.TimeToFull(in signals),
            EstimatedDrainTime = BackpressureEstimates.DrainTime(in signals),
            RequiredWorkers = BackpressureEstimates.RequiredWorkers(in signals),
        };
        Volatile.Write(ref _current, status);
        return status;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string Limit(double? value, double threshold)
    {
        var clearBelow = threshold * _options.ClearPercent / 100;
        return value > threshold
            ? Text($"; the limit is {threshold:0} %")
            : Text($"; it was over {threshold:0} % and clears after {_options.ClearAfter.TotalSeconds:0.#} s below {clearBelow:0} %");
    }

    private LatchedSignal Latch(double threshold) =>
        new(threshold, threshold * _options.ClearPercent / 100, _options.ClearAfter, _timeProvider);
}
