using Monitoring.Alerts.Rules;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Lifecycle;

/// <summary>An alert that is firing, or that was resolved by hand while its condition still holds. Immutable.</summary>
/// <param name="Series">What it is about.</param>
/// <param name="Rule">The rule that raised it.</param>
/// <param name="Reading">The last reading.</param>
/// <param name="Lifecycle">Where it is in its life.</param>
/// <param name="Alert">What is shown.</param>
internal sealed record TrackedAlert(AlertSeries Series, AlertRule Rule, MetricReading Reading, AlertLifecycle Lifecycle, Alert Alert)
{
    /// <summary>An alert that begins to fire; its key is still the plain one.</summary>
    public static TrackedAlert Start(in Observation observation, AlertLifecycle lifecycle, DateTimeOffset now)
    {
        var (rule, reading) = (observation.Rule, observation.Reading);
        var alert = new Alert
        {
            Key = AlertKey.For(rule.Name, reading.Instance),
            Id = Guid.CreateVersion7(now).ToString("N"),
            Rule = rule.Name,
            Instance = reading.Instance is null ? null : AlertText.Name(reading.Instance),
            Category = rule.Category,
            State = AlertState.Firing,
            Labels = rule.Labels,
            Runbook = rule.Runbook,
            Severity = (AlertSeverity)lifecycle.Level,
            Message = rule.Message(reading, lifecycle.Level),
            Metric = rule.Metric,
            Value = reading.Value,
            PeakValue = reading.Value,
            Threshold = rule.Thresholds(reading)[lifecycle.Level],
            Unit = rule.Unit,
            StartedAt = now,
            LastSeenAt = now,
            Occurrences = 1,
        };
        return new TrackedAlert(observation.Series, rule, reading, lifecycle, alert);
    }

    /// <summary>The same alert after a further evaluation.</summary>
    /// <param name="reading">The newest reading, or the last one when the series has vanished.</param>
    /// <param name="seen">Whether that reading breaches a threshold.</param>
    /// <param name="next">Where the alert is in its life now.</param>
    /// <param name="now">Wall-clock time of the evaluation.</param>
    public TrackedAlert Continue(in MetricReading reading, bool seen, AlertLifecycle next, DateTimeOffset now)
    {
        if (Lifecycle.Phase == AlertPhase.Muted)
        {
            return this with { Reading = reading, Lifecycle = next };
        }

        // A resolved alert keeps the severity it had.
        var level = next.Phase == AlertPhase.Firing ? next.Level : Lifecycle.Level;
        var severity = (AlertSeverity)level;
        var alert = Alert with
        {
            Severity = severity,
            PreviousSeverity = severity == Alert.Severity ? Alert.PreviousSeverity : Alert.Severity,
            Message = Rule.Message(reading, level),
            Value = reading.Value,
            PeakValue = Math.Max(reading.Value, Alert.PeakValue),
            Threshold = Rule.Thresholds(reading)[level],
            LastSeenAt = seen ? now : Alert.LastSeenAt,
            Occurrences = seen ? Alert.Occurrences + 1 : Alert.Occurrences,
        };
        return this with { Reading = reading, Lifecycle = next, Alert = alert };
    }

    /// <summary>The same alert at its end, which is never before it was last seen: a clock may be set back.</summary>
    public TrackedAlert End(AlertResolution resolution, DateTimeOffset now, string? note = null, string? by = null)
    {
        var end = now < Alert.LastSeenAt ? Alert.LastSeenAt : now;
        return this with { Alert = Alert with { State = AlertState.Resolved, Resolution = resolution, ResolvedAt = end, ResolutionNote = note, ResolvedBy = by } };
    }
}
