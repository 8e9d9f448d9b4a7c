using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>What makes an alert out of a metric. A rule bears the name of its metric.</summary>
internal sealed record AlertRule(string Metric, AlertCategory Category, string Unit)
{
    /// <summary>Identity of the rule; its alerts' keys begin with it.</summary>
    public string Name { get; init; } = Metric;

    /// <summary>How long its condition must hold before it fires.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long its condition must be gone before its alert is resolved or steps down.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>What it means when a series that it watches gives no data any more.</summary>
    public AlertNoData NoData { get; init; }

    /// <summary>Labels that its alerts get.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Where it says what to do.</summary>
    public string? Runbook { get; init; }

    /// <summary>Says what the value is, without its threshold: "Redis GET: 95th percentile latency is 612 ms".</summary>
    public required Func<MetricReading, string> Describe { get; init; }

    /// <summary>The thresholds, which may depend on what bounds the value.</summary>
    public required Func<MetricReading, ThresholdPair> Thresholds { get; init; }

    /// <summary>Whether the value is computed over a window; a state is what it is at the moment.</summary>
    public bool Windowed { get; init; }

    /// <summary>Observations that the long window must hold; zero for a value that is not made of observations.</summary>
    public long MinimumCount { get; init; }

    /// <summary>What the thresholds are lowered to while an alert is firing: 0.9 is a hysteresis of 10 %.</summary>
    public double HoldShare { get; init; } = 1;

    /// <summary>
    /// The level of a value of the short window. One observation is enough there, for the long window asks for more; none
    /// says nothing.
    /// </summary>
    public AlertLevel ShortLevel(in MetricReading reading, double share = 1) =>
        MinimumCount > 0 && reading.Count == 0 ? AlertLevel.None : Thresholds(reading).LevelOf(reading.Value, share);

    /// <summary>The level of a value of the long window.</summary>
    public AlertLevel LongLevel(in MetricReading reading) =>
        reading.Count < MinimumCount ? AlertLevel.None : Thresholds(reading).LevelOf(reading.Value);

    public string Message(in MetricReading reading, AlertLevel level)
    {
        if (Unit.Length == 0)
        {
            return $"{Describe(reading)}.";
        }

        var threshold = Thresholds(reading)[level];
        var name = level == AlertLevel.Critical ? "critical" : "warning";
        var quantity = AlertText.Quantity(threshold, Unit);

        // An alert outlives its breach a little: it must not then claim one.
        return reading.Value >= threshold
            ? $"{Describe(reading)}; the {name} threshold is {quantity}."
            : $"{Describe(reading)}, back below the {name} threshold of {quantity}.";
    }
}
