using Monitoring.Validation;

namespace Monitoring.Backpressure;

/// <summary>When a queue is said to be backing up (section <c>Monitoring:Backpressure</c>); docs/backpressure.md has the formulas and where they come from.</summary>
[Live]
public sealed class BackpressureOptions
{
    /// <summary>Depth above which there is backpressure, in percent of the capacity. 1 to 100; default 80.</summary>
    public double DepthPercent { get; set; } = 80;

    /// <summary>Depth above which backpressure is severe, in percent of the capacity. From <see cref="DepthPercent"/> to 100; default 95.</summary>
    public double SevereDepthPercent { get; set; } = 95;

    /// <summary>Worker utilisation over the window above which there is backpressure if tasks wait longer than <see cref="SojournTarget"/>, percent. 1 to 100 (never); default 90.</summary>
    public double UtilizationPercent { get; set; } = 90;

    /// <summary>Mean processing time over the window above which there is backpressure, in percent of the task timeout. 1 to 1,000; default 80.</summary>
    public double ProcessingTimePercent { get; set; } = 80;

    /// <summary>How many attempts the mean processing time, and how many redeliveries their share, takes before it says anything. 1 to 1,000,000; default 5.</summary>
    public int MinimumAttempts { get; set; } = 5;

    /// <summary>
    /// Wait above which there is backpressure if no task of a priority waited less within the window, or 100 × mean processing
    /// time ÷ workers if that is longer (CoDel: K. Nichols, V. Jacobson, "Controlling Queue Delay", ACM Queue 10:5, 2012,
    /// which takes 5 to 10 % of the window). 1 ms to 1 h; default 1 s.
    /// </summary>
    public TimeSpan SojournTarget { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Age of the oldest task that could be taken above which there is backpressure, or 100 × mean processing time ÷ workers if that is longer. 1 s to 1 day; default 30 s.</summary>
    public TimeSpan OldestTaskAge { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time to full within which more arrivals than completions are backpressure. 1 s to 1 day; default 1 min.</summary>
    public TimeSpan FillHorizon { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long tasks may wait without anything started or ended, or 10 × mean processing time ÷ workers, or the task timeout
    /// while all workers are busy, if that is longer. 1 s to 1 day; default 30 s.
    /// </summary>
    public TimeSpan NoProgressAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Share of deliveries that are not a task's first above which there is backpressure, percent. 1 to 100 (never); default 10.</summary>
    public double RedeliveryPercent { get; set; } = 10;

    /// <summary>The window of rates, waits, utilisation and processing time. 1 s to 10 min; default 10 s.</summary>
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
        errors.Range(nameof(SojournTarget), SojournTarget, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        errors.Range(nameof(OldestTaskAge), OldestTaskAge, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        errors.Range(nameof(FillHorizon), FillHorizon, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        errors.Range(nameof(NoProgressAfter), NoProgressAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        errors.Range(nameof(RedeliveryPercent), RedeliveryPercent, 1, 100);
        errors.Range(nameof(Window), Window, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        errors.Range(nameof(ClearPercent), ClearPercent, 10, 100);
        errors.Range(nameof(ClearAfter), ClearAfter, TimeSpan.Zero, TimeSpan.FromMinutes(10));
    }
}
