using Monitoring.Validation;

namespace Monitoring.Backpressure;

/// <summary>When the queue is said to be backing up (section <c>Monitoring:Backpressure</c>).</summary>
public sealed class BackpressureOptions
{
    /// <summary>Depth above which there is backpressure, in percent of the capacity. 1 to 100; default 80.</summary>
    public double DepthPercent { get; set; } = 80;

    /// <summary>Depth above which backpressure is severe, in percent of the capacity. From <see cref="DepthPercent"/> to 100; default 95.</summary>
    public double SevereDepthPercent { get; set; } = 95;

    /// <summary>Worker utilisation over the window above which there is backpressure, percent. 1 to 100 (never); default 90.</summary>
    public double UtilizationPercent { get; set; } = 90;

    /// <summary>Mean processing time over the window above which there is backpressure, in percent of the task timeout. 1 to 1,000; default 80.</summary>
    public double ProcessingTimePercent { get; set; } = 80;

    /// <summary>How many attempts the mean processing time takes before it says anything. 1 to 1,000,000; default 5.</summary>
    public int MinimumAttempts { get; set; } = 5;

    /// <summary>The window of rates, utilisation and processing time. 1 s to 10 min; default 10 s.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A signal that holds clears below this share of its threshold, percent. 10 to 100; default 90.</summary>
    public double ClearPercent { get; set; } = 90;

    /// <summary>How long a signal has to stay below before it clears. 0 to 10 min; default 5 s.</summary>
    public TimeSpan ClearAfter { get; set; } = TimeSpan.FromSeconds(5);

    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Range(nameof(DepthPercent), DepthPercent, 1, 100);
        errors.Require(
            SevereDepthPercent >= DepthPercent && SevereDepthPercent <= 100, nameof(SevereDepthPercent), SevereDepthPercent,
            FormattableString.Invariant($"DepthPercent ({DepthPercent}) to 100"));
        errors.Range(nameof(UtilizationPercent), UtilizationPercent, 1, 100);
        errors.Range(nameof(ProcessingTimePercent), ProcessingTimePercent, 1, 1000);
        errors.Range(nameof(MinimumAttempts), MinimumAttempts, 1, 1_000_000);
        errors.Range(nameof(Window), Window, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        errors.Range(nameof(ClearPercent), ClearPercent, 10, 100);
        errors.Range(nameof(ClearAfter), ClearAfter, TimeSpan.Zero, TimeSpan.FromMinutes(10));
    }
}
