namespace Monitoring.Alerts;

/// <summary>One step in the life of an alert; a line of its timeline.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What happened.</param>
public readonly record struct AlertEvent(DateTimeOffset At, AlertEventKind Kind)
{
    /// <summary>The severity after it.</summary>
    public AlertSeverity? Severity { get; init; }

    /// <summary>The value at that moment, in the alert's unit.</summary>
    public double? Value { get; init; }

    /// <summary>Who did it, where a person did.</summary>
    public string? By { get; init; }

    /// <summary>What that person had to say, or why it happened.</summary>
    public string? Note { get; init; }
}
