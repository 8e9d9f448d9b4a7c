using System.Collections.ObjectModel;

namespace Monitoring.Alerts;

/// <summary>
/// A condition that deserves attention, from its start to its resolution. Immutable: what changes is a new record
/// under the same <see cref="Key"/>. Safe to share between threads.
/// </summary>
public sealed record Alert
{
    /// <summary>
    /// Identity, safe in a URL: <c>[a-z0-9._-]+</c>, the rule and, after a dot, what it is about
    /// (<c>redis-operation-latency.get</c>). One key never stands for two different instances at the same time.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>Which time it is that the alert of this key fires: each has an id of its own.</summary>
    public string Id { get; init; } = "";

    /// <summary>The rule that raised it, such as <c>redis-operation-latency</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>Which one of many (operation, endpoint, circuit) it is about; null when there is one only.</summary>
    public string? Instance { get; init; }

    /// <summary>The part of the service it is about.</summary>
    public required AlertCategory Category { get; init; }

    /// <summary>How urgent it is. Changes in place while the alert is firing.</summary>
    public required AlertSeverity Severity { get; init; }

    /// <summary>The severity before its last change; null when it has had one only.</summary>
    public AlertSeverity? PreviousSeverity { get; init; }

    /// <summary>Where it is in its life.</summary>
    public AlertState State { get; init; }

    /// <summary>Labels of its rule, beside those that every alert has (<c>alertname</c>, <c>instance</c>, <c>category</c>, <c>severity</c>, <c>key</c>).</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Where it says what to do, as its rule has it; null when it does not.</summary>
    public string? Runbook { get; init; }

    /// <summary>One sentence for a person: what, how much, and the threshold, with units.</summary>
    public required string Message { get; init; }

    /// <summary>The measured series, one of <see cref="Telemetry.MetricNames"/>.</summary>
    public required string Metric { get; init; }

    /// <summary>The last measured value, in <see cref="Unit"/>.</summary>
    public double Value { get; init; }

    /// <summary>The worst value measured while the alert was firing, the lowest where low values are bad, in <see cref="Unit"/>.</summary>
    public double PeakValue { get; init; }

    /// <summary>The threshold of the current <see cref="Severity"/>, in <see cref="Unit"/>.</summary>
    public double Threshold { get; init; }

    /// <summary>Unit of the values: <c>ms</c>, <c>%</c>, <c>tasks</c>, or empty for a state.</summary>
    public string Unit { get; init; } = "";

    /// <summary>When it began to fire.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The last evaluation that found a threshold breached.</summary>
    public DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When it was resolved; null while it is firing.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Who resolved it, when somebody said so.</summary>
    public string? ResolvedBy { get; init; }

    /// <summary>How it was resolved; null while it is firing.</summary>
    public AlertResolution? Resolution { get; init; }

    /// <summary>What the person who resolved it had to say.</summary>
    public string? ResolutionNote { get; init; }

    /// <summary>
    /// How many evaluations (about one a second) found a threshold breached since the alert started, the first included:
    /// what would have been that many alerts is this one.
    /// </summary>
    public long Occurrences { get; init; }

    /// <summary>Who has taken note of it; null as long as nobody has.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>When somebody has taken note of it.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>What the person who acknowledged it had to say.</summary>
    public string? AcknowledgementNote { get; init; }

    /// <summary>Whether it comes and goes so often that it is kept up until it has been quiet for long (<see cref="AlertOptions.FlapWindow"/>).</summary>
    public bool IsFlapping { get; init; }

    /// <summary>What keeps it quiet; null when nothing does.</summary>
    public AlertSuppression? Suppression { get; init; }

    /// <summary>What happened to it, oldest first; of very many events the first one and the latest ones, 50 in all.</summary>
    public IReadOnlyList<AlertEvent> Timeline { get; init; } = [];

    /// <summary>Details from the moment the alert started or last changed severity.</summary>
    public IReadOnlyDictionary<string, string> Context { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
