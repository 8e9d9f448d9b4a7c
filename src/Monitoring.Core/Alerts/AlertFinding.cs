namespace Monitoring.Alerts;

/// <summary>What a rule in code finds of one instance.</summary>
/// <param name="Severity">How bad it is; null when all is well, which is the same as saying nothing.</param>
/// <param name="Message">One sentence for a person: what, how much, and the threshold, with units.</param>
public sealed record AlertFinding(AlertSeverity? Severity, string Message)
{
    /// <summary>Which one of many it is about; null when there is one only.</summary>
    public string? Instance { get; init; }

    /// <summary>The measured value, in <see cref="Unit"/>.</summary>
    public double Value { get; init; }

    /// <summary>The threshold that it breaches, in <see cref="Unit"/>.</summary>
    public double Threshold { get; init; }

    /// <summary>Unit of both; empty for a state.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Details worth attaching to the alert.</summary>
    public Func<IReadOnlyDictionary<string, string>>? Context { get; init; }
}
