namespace Monitoring.Telemetry;

/// <summary>The value of one series at the moment of evaluation.</summary>
/// <param name="Metric">What is measured: one of <see cref="MetricNames"/>, or a name of the host's own.</param>
/// <param name="Value">The value, in the unit that the metric's name documents.</param>
/// <param name="Instance">Which one of many (operation, endpoint, circuit), or null when there is one only.</param>
/// <param name="Count">How many observations stand behind the value; a rule may ask for a minimum.</param>
public readonly record struct MetricReading(string Metric, double Value, string? Instance = null, long Count = 0)
{
    /// <summary>The label that says what a circuit protects, such as <c>redis</c>.</summary>
    public const string DependencyLabel = "dependency";

    /// <summary>What the value is bounded by (a queue's capacity), where there is such a thing.</summary>
    public double? Limit { get; init; }

    /// <summary>What the value means, in a sentence, where a number does not say it.</summary>
    public string? Text { get; init; }

    /// <summary>Labels that an alert about the series gets, beside those of its rule, which go before them; null where there are none. Must not change.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Details worth attaching to an alert; called only when an alert starts or changes severity.</summary>
    public Func<IReadOnlyDictionary<string, string>>? Context { get; init; }
}
