using Monitoring.Validation;

namespace Monitoring.Alerts;

/// <summary>Thresholds and pace of alerts (section <c>Monitoring:Alerts</c>).</summary>
public sealed class AlertOptions
{
    /// <summary>When the default rules warn and when they turn critical.</summary>
    public AlertThresholds Thresholds { get; set; } = new();

    /// <summary>
    /// The sliding window that percentiles and shares must breach before an alert fires. 10 s to 1 h; default 1 min.
    /// </summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The short window that must breach as well, and by which an alert recovers: long enough to hold some events, short
    /// enough to forget an outage soon (multi-window alerts, "The Site Reliability Workbook", chapter 5).
    /// 1 s to <see cref="Window"/>; default 10 s.
    /// </summary>
    public TimeSpan RecoveryWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a condition must be gone before its alert is resolved or steps down. 0 to 1 h; default 5 s.</summary>
    public TimeSpan ResolveAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How far below its threshold a value must fall to count as gone. 0 to 50 percent; default 10.</summary>
    public double HysteresisPercent { get; set; } = 10;

    /// <summary>
    /// Observations within <see cref="Window"/> below which a percentile says nothing. 1 to 1,000,000; default 1, so that
    /// a service with little traffic is watched too.
    /// </summary>
    public int MinimumCount { get; set; } = 1;

    /// <summary>Alerts that may be active at the same time; what is beyond waits and is counted. 1 to 10,000; default 1,000.</summary>
    public int MaxActive { get; set; } = 1000;

    /// <summary>Resolved alerts that are kept. 1 to 10,000; default 200.</summary>
    public int ResolvedCapacity { get; set; } = 200;

    /// <summary>Notices that may wait for one notifier; what is beyond is dropped and counted. 1 to 100,000; default 1,000.</summary>
    public int NotifierQueueCapacity { get; set; } = 1000;

    /// <summary>How long a notifier may take over one notice, its retries included. 1 s to 1 h; default 2 min.</summary>
    public TimeSpan NotifierTimeout { get; set; } = TimeSpan.FromMinutes(2);

    internal void Validate(OptionsErrors errors)
    {
        errors.Range(nameof(Window), Window, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1));
        errors.Range(nameof(RecoveryWindow), RecoveryWindow, TimeSpan.FromSeconds(1), Window);
        errors.Range(nameof(ResolveAfter), ResolveAfter, TimeSpan.Zero, TimeSpan.FromHours(1));
        errors.Range(nameof(HysteresisPercent), HysteresisPercent, 0, 50);
        errors.Range(nameof(MinimumCount), MinimumCount, 1, 1_000_000);
        errors.Range(nameof(MaxActive), MaxActive, 1, 10_000);
        errors.Range(nameof(ResolvedCapacity), ResolvedCapacity, 1, 10_000);
        errors.Range(nameof(NotifierQueueCapacity), NotifierQueueCapacity, 1, 100_000);
        errors.Range(nameof(NotifierTimeout), NotifierTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        errors.Require(Thresholds is not null, nameof(Thresholds), Thresholds, "a section of thresholds");
        Thresholds?.Validate(errors.In(nameof(Thresholds)));
    }
}
