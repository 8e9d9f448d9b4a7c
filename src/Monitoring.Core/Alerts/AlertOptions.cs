using Monitoring.Alerts.Rules;
using Monitoring.Validation;

namespace Monitoring.Alerts;

/// <summary>Thresholds and pace of alerts (section <c>Monitoring:Alerts</c>).</summary>
public sealed class AlertOptions
{
    /// <summary>When the default rules warn and when they turn critical.</summary>
    [Live]
    public AlertThresholds Thresholds { get; set; } = new();

    /// <summary>Rules of the host's own, and what is to be different of default rules, by name. At most 500; default none.</summary>
    [Live]
    public IList<AlertRuleOptions> Rules { get; } = [];

    /// <summary>
    /// The sliding window that percentiles and shares must breach before an alert fires. 10 s to 1 h; default 1 min.
    /// </summary>
    [Live]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The short window that must breach as well, and by which an alert recovers: long enough to hold some events, short
    /// enough to forget an outage soon (multi-window alerts, "The Site Reliability Workbook", chapter 5).
    /// 1 s to <see cref="Window"/>; default 10 s.
    /// </summary>
    [Live]
    public TimeSpan RecoveryWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a condition must hold before its alert fires, unless its rule says otherwise. 0 to 1 day; default 0.</summary>
    [Live]
    public TimeSpan For { get; set; }

    /// <summary>How long a condition must be gone before its alert is resolved or steps down. 0 to 1 h; default 5 s.</summary>
    [Live]
    public TimeSpan KeepFiringFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After how long an alert that was resolved by hand fires again if its condition has held all the time. 1 min to 30 days;
    /// default 4 h; null means never, only when the condition has cleared once.
    /// </summary>
    [Live]
    public TimeSpan? ReopenAfter { get; set; } = TimeSpan.FromHours(4);

    /// <summary>How often an alert must fire within <see cref="FlapWindow"/> to count as flapping. 2 to 100 times; default 4.</summary>
    [Live]
    public int FlapCount { get; set; } = 4;

    /// <summary>The time within which an alert that fires too often counts as flapping, and for which it must be quiet to be resolved then. 1 min to 1 day; default 10 min.</summary>
    [Live]
    public TimeSpan FlapWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How far below its threshold a value must fall to count as gone. 0 to 50 percent; default 10.</summary>
    [Live]
    public double HysteresisPercent { get; set; } = 10;

    /// <summary>
    /// Observations within <see cref="Window"/> below which a percentile says nothing. 1 to 1,000,000; default 1, so that
    /// a service with little traffic is watched too. During the first <see cref="Window"/> after the start it is 20 at least, for
    /// code is being compiled and connections are made.
    /// </summary>
    [Live]
    public int MinimumCount { get; set; } = 1;

    /// <summary>Alerts that may be active at the same time; what is beyond waits and is counted. 1 to 100,000; default 10,000.</summary>
    [Live]
    public int MaxActive { get; set; } = 10_000;

    /// <summary>Resolved alerts that are kept. 1 to 10,000; default 200.</summary>
    public int ResolvedCapacity { get; set; } = 200;

    /// <summary>
    /// Labels by which alerts are put together into one notice, of those that an alert has (<c>alertname</c>, <c>instance</c>,
    /// <c>category</c>, <c>severity</c>, <c>key</c> and its rule's own). Default <c>alertname</c>; set to one empty text for one group of all.
    /// </summary>
    public IList<string> GroupBy { get; } = [];

    /// <summary>How long the first news of a group waits for others. 0 to 10 min; default 500 ms.</summary>
    public TimeSpan GroupWait { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The least time between two notices of one group. 0 to 1 h; default 10 s.</summary>
    public TimeSpan GroupInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long a channel is told again of an alert that still fires and that nobody has acknowledged. 1 s to 30 days; default 4 h.</summary>
    public TimeSpan RepeatInterval { get; set; } = TimeSpan.FromHours(4);

    /// <summary>Times that come again and again, in which alerts are kept quiet. At most 100; default none.</summary>
    [Live]
    public IList<MaintenanceWindowOptions> MaintenanceWindows { get; } = [];

    /// <summary>Which alerts explain others, which are kept quiet then, beside the default ones. At most 100; default none.</summary>
    [Live]
    public IList<AlertInhibitionOptions> Inhibitions { get; } = [];

    /// <summary>Whether a Redis that fails explains the alerts about Redis commands, queues and webhooks. Default true.</summary>
    [Live]
    public bool UseDefaultInhibitions { get; set; } = true;

    internal void Validate(OptionsErrors errors)
    {
        errors.Range(nameof(Window), Window, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1));
        errors.Range(nameof(RecoveryWindow), RecoveryWindow, TimeSpan.FromSeconds(1), Window);
        errors.Range(nameof(KeepFiringFor), KeepFiringFor, TimeSpan.Zero, TimeSpan.FromHours(1));
        errors.Range(nameof(For), For, TimeSpan.Zero, TimeSpan.FromDays(1));
        errors.Range(nameof(ReopenAfter), ReopenAfter ?? TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        errors.Range(nameof(FlapCount), FlapCount, 2, 100);
        errors.Range(nameof(FlapWindow), FlapWindow, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
        errors.Range(nameof(HysteresisPercent), HysteresisPercent, 0, 50);
        errors.Range(nameof(MinimumCount), MinimumCount, 1, 1_000_000);
        errors.Range(nameof(MaxActive), MaxActive, 1, 100_000);
        errors.Range(nameof(ResolvedCapacity), ResolvedCapacity, 1, 10_000);
        errors.Range(nameof(GroupWait), GroupWait, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        errors.Range(nameof(GroupInterval), GroupInterval, TimeSpan.Zero, TimeSpan.FromHours(1));
        errors.Range(nameof(RepeatInterval), RepeatInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        errors.Require(Thresholds is not null, nameof(Thresholds), Thresholds, "a section of thresholds");
        Thresholds?.Validate(errors.In(nameof(Thresholds)));
        RuleOptionsValidation.Validate(this, errors);
        ValidateSuppression(errors);
    }

    private void ValidateSuppression(OptionsErrors errors)
    {
        errors.Require(MaintenanceWindows.Count <= 100, nameof(MaintenanceWindows), $"{MaintenanceWindows.Count} windows", "at most 100");
        for (var i = 0; i < MaintenanceWindows.Count; i++)
        {
            var name = MaintenanceWindows[i].Name;
            errors.Require(MaintenanceWindows.Take(i).All(other => other.Name != name), $"{nameof(MaintenanceWindows)}:{i}:{nameof(MaintenanceWindowOptions.Name)}", name, "a name that no other window has");
            MaintenanceWindows[i].Validate(errors.In($"{nameof(MaintenanceWindows)}:{i}"));
        }

        errors.Require(Inhibitions.Count <= 100, nameof(Inhibitions), $"{Inhibitions.Count} inhibitions", "at most 100");
        for (var i = 0; i < Inhibitions.Count; i++)
        {
            Inhibitions[i].Validate(errors.In($"{nameof(Inhibitions)}:{i}"));
        }
    }
}
