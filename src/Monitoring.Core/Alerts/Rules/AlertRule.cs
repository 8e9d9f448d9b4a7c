using System.Collections.ObjectModel;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>
/// What a rule is: whose alerts these are, when a value breaches, how long it takes, and how it is said. How its values come
/// about is another matter (the engine's). Immutable; a reload makes a new one of the same name.
/// </summary>
internal sealed record AlertRule(string Name, AlertCategory Category, string Unit)
{
    /// <summary>What kind of rule it is; one of <see cref="RuleKinds"/>.</summary>
    public string Kind { get; init; } = RuleKinds.Threshold;

    /// <summary>Where it comes from: <c>default</c>, <c>configuration</c> or <c>code</c>.</summary>
    public string Origin { get; init; } = "default";

    /// <summary>What it reads; a default rule bears its name.</summary>
    public string Metric { get; init; } = Name;

    /// <summary>Whether it is evaluated.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>How long its condition must hold before it fires.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long its condition must be gone before its alert is resolved or steps down.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>What it means when a series that it watches gives no data any more.</summary>
    public AlertNoData NoData { get; init; }

    /// <summary>Labels that its alerts get.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Where it says what to do.</summary>
    public string? Runbook { get; init; }

    /// <summary>What it watches, and when it warns and turns critical, in a sentence.</summary>
    public string Condition { get; init; } = "";

    /// <summary>Says what the value is, without its threshold: "Redis GET: 95th percentile latency is 612 ms".</summary>
    public required Func<MetricReading, string> Describe { get; init; }

    /// <summary>The thresholds, which may depend on what bounds the value.</summary>
    public required Func<MetricReading, ThresholdPair> Thresholds { get; init; }

    /// <summary>Says it all, in place of <see cref="Describe"/> and the threshold; null by default.</summary>
    public Func<AlertRule, MetricReading, AlertLevel, string>? Sentence { get; init; }

    /// <summary>Whether the value is computed over a window; a state is what it is at the moment.</summary>
    public bool Windowed { get; init; }

    /// <summary>Observations that the long window must hold; zero for a value that is not made of observations.</summary>
    public long MinimumCount { get; init; }

    /// <summary>The share of a threshold by which a value must have gone back to count as gone: 0.1 is 10 %.</summary>
    public double Hysteresis { get; init; }

    /// <summary>The instances that it watches; null for all.</summary>
    public IReadOnlySet<string>? Instances { get; init; }

    /// <summary>Whether it watches an instance.</summary>
    public bool Watches(string? instance) => Instances is null || (instance is not null && Instances.Contains(instance));

    /// <summary>Whether one value is worse than another, which is smaller where small values breach.</summary>
    public bool IsWorse(in MetricReading reading, double than) =>
        Thresholds(reading).Comparison == AlertComparison.Below ? reading.Value < than : reading.Value > than;

    /// <summary>
    /// The level of a value of the short window. One observation is enough there, for the long window asks for more; none
    /// says nothing.
    /// </summary>
    public AlertLevel ShortLevel(in MetricReading reading, double hysteresis = 0) =>
        MinimumCount > 0 && reading.Count == 0 ? AlertLevel.None : Thresholds(reading).LevelOf(reading.Value, hysteresis);

    /// <summary>The level of a value of the long window.</summary>
    /// <param name="reading">The value.</param>
    /// <param name="atLeast">How many observations there must be if that is more than <see cref="MinimumCount"/>.</param>
    public AlertLevel LongLevel(in MetricReading reading, long atLeast = 0) =>
        reading.Count < Math.Max(MinimumCount, atLeast) ? AlertLevel.None : Thresholds(reading).LevelOf(reading.Value);

    /// <summary>One sentence for a person: what, how much, and the threshold, with units.</summary>
    public string Message(in MetricReading reading, AlertLevel level)
    {
        if (Sentence is not null)
        {
            return Sentence(this, reading, level);
        }

        if (Unit.Length == 0)
        {
            return $"{Describe(reading)}.";
        }

        var thresholds = Thresholds(reading);
        var name = level == AlertLevel.Critical ? "critical" : "warning";
        var quantity = AlertText.Quantity(thresholds[level], Unit);

        // An alert outlives its breach a little: it must not then claim one.
        return thresholds.IsBreached(reading.Value, level)
            ? $"{Describe(reading)}; the {name} threshold is {quantity}."
            : $"{Describe(reading)}, back {(thresholds.Comparison == AlertComparison.Below ? "above" : "below")} the {name} threshold of {quantity}.";
    }
}
