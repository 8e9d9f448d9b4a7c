using System.Collections.ObjectModel;

namespace Monitoring.Alerts;

/// <summary>A rule and how it stands.</summary>
public sealed record AlertRuleStatus
{
    /// <summary>Identity of the rule.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of rule it is: <c>threshold</c>, <c>ratio</c>, <c>absence</c>, <c>rate</c>, <c>burn-rate</c>, <c>state</c> or <c>code</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it comes from: <c>default</c>, <c>configuration</c> or <c>code</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>Whether it is evaluated.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The part of the service that it is about.</summary>
    public AlertCategory Category { get; init; }

    /// <summary>What it watches, and when it warns and turns critical, in a sentence.</summary>
    public string Condition { get; init; } = "";

    /// <summary>How long its condition must hold before it fires.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long its condition must be gone before its alert is resolved.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>What it means when a series that it watches gives no data any more.</summary>
    public AlertNoData NoData { get; init; }

    /// <summary>Labels that its alerts get.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Where it says what to do; null when it does not.</summary>
    public string? Runbook { get; init; }

    /// <summary>How many series it found at its last evaluation.</summary>
    public int Series { get; init; }

    /// <summary>How many measurements of its instruments were put together as <c>OTHER</c> because there were too many combinations of tags.</summary>
    public long Overflowed { get; init; }

    /// <summary>How many of its alerts are pending.</summary>
    public int Pending { get; init; }

    /// <summary>How many of its alerts are active.</summary>
    public int Active { get; init; }

    /// <summary>When it was last evaluated; null before the first time.</summary>
    public DateTimeOffset? EvaluatedAt { get; init; }

    /// <summary>What went wrong at its last evaluation, or what it lacks; null when nothing.</summary>
    public string? Error { get; init; }
}
