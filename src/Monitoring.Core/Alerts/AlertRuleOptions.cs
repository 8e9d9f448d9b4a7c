namespace Monitoring.Alerts;

/// <summary>
/// A rule of the host's own, or what is to be different of a default rule of the same name (section
/// <c>Monitoring:Alerts:Rules</c>). What is not set is as the defaults have it.
/// </summary>
public sealed class AlertRuleOptions
{
    /// <summary>Identity of the rule, and the beginning of its alerts' keys: <c>[a-z0-9-]+</c>, 1 to 100 characters. The name of a default rule changes that one.</summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// <c>threshold</c> (a value), <c>ratio</c> (one value in percent of another), <c>absence</c> (seconds without data),
    /// <c>rate</c> (how fast a value changes), <c>burn-rate</c> (how fast failures use up what an objective allows),
    /// <c>state</c> (a value or a text that is one) or <c>code</c> (what is to be different of an <see cref="IAlertRule"/>).
    /// Default <c>threshold</c>.
    /// </summary>
    public string Kind { get; set; } = "threshold";

    /// <summary>Whether it is evaluated. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// What it reads: a series of the monitor or of an own source, such as <c>redis-operation-latency</c>, or an instrument of
    /// the host as <c>meter/instrument</c>, such as <c>Shop/orders.failed</c>. Not for a default rule.
    /// </summary>
    public string? Metric { get; set; }

    /// <summary>What <see cref="Metric"/> is divided by: all events where that counts the bad ones. Of the same form; for <c>ratio</c> and <c>burn-rate</c>.</summary>
    public string? Total { get; set; }

    /// <summary>Only measurements of an instrument that have these tags.</summary>
    public IDictionary<string, string> Tags { get; } = new Dictionary<string, string>();

    /// <summary>Further tags for <see cref="Total"/>; those of <see cref="Tags"/> do not apply to it.</summary>
    public IDictionary<string, string> TotalTags { get; } = new Dictionary<string, string>();

    /// <summary>
    /// The tags by whose values an instrument's measurements are told apart, each combination a series of its own; <c>*</c> for
    /// all tags. Default: none for counters and histograms, whose measurements are added up; all for gauges and up-down counters.
    /// </summary>
    public IList<string> By { get; } = [];

    /// <summary>The instances that it watches. Default all; for <c>absence</c>, those that have been seen.</summary>
    public IList<string> Instances { get; } = [];

    /// <summary>
    /// What is made of an instrument: <c>rate</c> (per second), <c>sum</c>, <c>count</c>, <c>average</c>, <c>max</c>,
    /// <c>p50</c> to <c>p99.9</c> or <c>last</c>. Default <c>rate</c> for counters, <c>p95</c> for histograms, <c>last</c> for the others.
    /// </summary>
    public string? Statistic { get; set; }

    /// <summary>Which values breach: <c>above</c> (at the threshold or above), <c>below</c> (at or below) or <c>equal</c>. Default <c>above</c>; <c>equal</c> for <c>state</c>.</summary>
    public string? Comparison { get; set; }

    /// <summary>Where it begins to warn, in the unit of the value; seconds for <c>absence</c>. Default never.</summary>
    public double? Warning { get; set; }

    /// <summary>Where it turns critical, in the unit of the value; seconds for <c>absence</c>. Default never.</summary>
    public double? Critical { get; set; }

    /// <summary>The text that is a warning, such as <c>degraded</c>, for <c>state</c>.</summary>
    public string? WarningText { get; set; }

    /// <summary>The text that is critical, such as <c>open</c>, for <c>state</c>.</summary>
    public string? CriticalText { get; set; }

    /// <summary>Unit of the value, for messages. Default that of the instrument or of the monitor's own series.</summary>
    public string? Unit { get; set; }

    /// <summary>
    /// The window of the value. 1 s to 1 h; default <see cref="AlertOptions.Window"/>. A value breaches when it does so over
    /// <see cref="AlertOptions.RecoveryWindow"/> too, and recovers by that one.
    /// </summary>
    public TimeSpan? Window { get; set; }

    /// <summary>What a <c>rate</c> is per: 1 s to 1 h; default 1 s.</summary>
    public TimeSpan Per { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether a series of a source only grows, and begins anew with a restart of what it counts; for <c>rate</c> and <c>burn-rate</c>. Counters are known to. Default false.</summary>
    public bool Cumulative { get; set; }

    /// <summary>Share of the events that must be good, for <c>burn-rate</c>. 50 to 99.999 percent.</summary>
    public double? Objective { get; set; }

    /// <summary>
    /// What is too fast over which windows, for <c>burn-rate</c>. Default 14.4 times over 1 h and 5 min and 6 times over 6 h and
    /// 30 min are critical, 1 time over 3 days and 6 h warns ("The Site Reliability Workbook", chapter 5).
    /// </summary>
    public IList<AlertBurnWindow> BurnWindows { get; } = [];

    /// <summary>Observations, or events of <see cref="Total"/>, within the window below which a value says nothing. 0 to 1,000,000,000; default that of the default rule of the metric, 1 for <c>ratio</c>, 100 for <c>burn-rate</c>, 0 for others.</summary>
    public long? MinimumCount { get; set; }

    /// <summary>How long its condition must hold before it fires. 0 to 1 day; default <see cref="AlertOptions.For"/>.</summary>
    public TimeSpan? For { get; set; }

    /// <summary>How long its condition must be gone before its alert is resolved. 0 to 1 h; default <see cref="AlertOptions.KeepFiringFor"/>.</summary>
    public TimeSpan? KeepFiringFor { get; set; }

    /// <summary>What it means when a series gives no data any more. Default <see cref="AlertNoData.Resolve"/>.</summary>
    public AlertNoData? NoData { get; set; }

    /// <summary>The part of the service that it is about. Default that of the metric, or <see cref="AlertCategory.Application"/>.</summary>
    public AlertCategory? Category { get; set; }

    /// <summary>Labels of its alerts, for grouping, silences and receivers: names <c>[a-zA-Z_][a-zA-Z0-9_]*</c>, 20 at most.</summary>
    public IDictionary<string, string> Labels { get; } = new Dictionary<string, string>();

    /// <summary>Where it says what to do: an absolute http or https address.</summary>
    public string? Runbook { get; set; }

    /// <summary>
    /// The message in place of the default one, up to 1,000 characters, with <c>{rule}</c>, <c>{instance}</c>, <c>{value}</c>,
    /// <c>{threshold}</c> (both with their unit), <c>{severity}</c> and <c>{text}</c>.
    /// </summary>
    public string? Message { get; set; }
}
