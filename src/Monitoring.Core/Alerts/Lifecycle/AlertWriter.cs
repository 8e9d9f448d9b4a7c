using System.Collections.ObjectModel;
using Monitoring.Alerts.Rules;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Lifecycle;

/// <summary>Writes what an alert shows, from what a step did to it.</summary>
internal static class AlertWriter
{
    /// <summary>An alert that begins, be it pending or firing. One that was pending goes on as itself; one that was resolved by hand leaves its key.</summary>
    /// <param name="series">What it is about.</param>
    /// <param name="rule">The rule that raises it.</param>
    /// <param name="reading">The newest reading, or the last one when the series gives no data.</param>
    /// <param name="next">Where it is in its life.</param>
    /// <param name="before">What was shown of the series before; null when nothing was.</param>
    /// <param name="context">What it keeps of the moment; null for nothing.</param>
    /// <param name="now">Wall-clock time.</param>
    public static Alert Begin(
        AlertSeries series, AlertRule rule, in MetricReading reading, in AlertLifecycle next, Alert? before, IReadOnlyDictionary<string, string>? context, DateTimeOffset now)
    {
        var pending = before?.State == AlertState.Pending ? before : null;
        var severity = (AlertSeverity)next.Level;
        var kind = next.Phase == AlertPhase.Pending ? AlertEventKind.Pending : AlertEventKind.Fired;
        var timeline = AlertTimeline.Append(pending?.Timeline ?? [], new AlertEvent(now, kind) { Severity = severity, Value = reading.Value });
        return new Alert
        {
            Key = before?.Key ?? AlertKey.For(rule.Name, series.Instance),
            Id = pending?.Id ?? Guid.CreateVersion7(now).ToString("N"),
            Rule = rule.Name,
            Instance = series.Instance is null ? null : AlertText.Name(series.Instance),
            Category = rule.Category,
            State = StateOf(next.Phase),
            Labels = AlertLabels.Join(rule.Labels, reading.Labels),
            Runbook = rule.Runbook,
            Severity = severity,
            Message = MessageOf(rule, reading, next.Phase, next.Level),
            Metric = rule.Metric,
            Value = reading.Value,
            PeakValue = reading.Value,
            Threshold = rule.Thresholds(reading)[next.Level],
            Unit = rule.Unit,
            StartedAt = now,
            LastSeenAt = now,
            Occurrences = 1,
            IsFlapping = next.IsFlapping,
            Timeline = next.IsFlapping ? AlertTimeline.Append(timeline, new AlertEvent(now, AlertEventKind.Flapping) { Severity = severity }) : timeline,
            Context = context ?? ReadOnlyDictionary<string, string>.Empty,
        };
    }

    /// <summary>The same alert after a further evaluation.</summary>
    /// <param name="alert">The alert before.</param>
    /// <param name="rule">Its rule.</param>
    /// <param name="reading">The newest reading, or the last one when the series gives no data; null when there was none since the start.</param>
    /// <param name="breaches">Whether that reading breaches a threshold.</param>
    /// <param name="next">Where it is in its life now.</param>
    /// <param name="now">Wall-clock time.</param>
    public static Alert Continue(Alert alert, AlertRule rule, in MetricReading? reading, bool breaches, in AlertLifecycle next, DateTimeOffset now)
    {
        // A resolved alert keeps the severity it had.
        var level = next.Level == AlertLevel.None ? (AlertLevel)alert.Severity : next.Level;
        var severity = (AlertSeverity)level;

        // One copy and no more: this is done for every alert at every evaluation.
        var known = reading is not null;
        var last = reading.GetValueOrDefault();
        return alert with
        {
            State = StateOf(next.Phase),
            Severity = severity,
            PreviousSeverity = severity == alert.Severity ? alert.PreviousSeverity : alert.Severity,
            Message = known ? MessageOf(rule, last, next.Phase, level) : alert.Message,
            Value = known ? last.Value : alert.Value,
            PeakValue = known && rule.IsWorse(last, alert.PeakValue) ? last.Value : alert.PeakValue,
            Threshold = known ? rule.Thresholds(last)[level] : alert.Threshold,
            LastSeenAt = breaches ? now : alert.LastSeenAt,
            Occurrences = breaches ? alert.Occurrences + 1 : alert.Occurrences,
        };
    }

    /// <summary>The same alert at its end, which is never before it was last seen: a clock may be set back.</summary>
    public static Alert End(Alert alert, AlertResolution resolution, DateTimeOffset now, string? note = null, string? by = null)
    {
        var end = now < alert.LastSeenAt ? alert.LastSeenAt : now;
        return alert with
        {
            State = AlertState.Resolved,
            Resolution = resolution,
            ResolvedAt = end,
            ResolutionNote = note,
            ResolvedBy = by,
            Timeline = AlertTimeline.Append(alert.Timeline, new AlertEvent(end, AlertEventKind.Resolved) { Severity = alert.Severity, Value = alert.Value, By = by, Note = note }),
        };
    }

    /// <summary>The same alert when something else, or nothing any more, keeps it quiet.</summary>
    public static Alert Suppress(Alert alert, AlertSuppression? suppression, DateTimeOffset now)
    {
        var kind = suppression is null ? AlertEventKind.Unsuppressed : AlertEventKind.Suppressed;
        var note = suppression is null ? null : $"{suppression.Reason}: {suppression.By}";
        return (alert with { Suppression = suppression }).With(new AlertEvent(now, kind) { Severity = alert.Severity, Note = note });
    }

    /// <summary>The line of the timeline for what a step did to an alert that goes on; null when it did nothing worth one.</summary>
    public static AlertEventKind? EventOf(AlertEffect effect) => effect switch
    {
        AlertEffect.SeverityChanged => AlertEventKind.SeverityChanged,
        AlertEffect.Recovering => AlertEventKind.Recovering,
        AlertEffect.Relapsed => AlertEventKind.Relapsed,
        AlertEffect.LostData => AlertEventKind.NoData,
        _ => null,
    };

    /// <summary>How a phase is shown.</summary>
    public static AlertState StateOf(AlertPhase phase) => phase switch
    {
        AlertPhase.Pending => AlertState.Pending,
        AlertPhase.Firing => AlertState.Firing,
        AlertPhase.Recovering => AlertState.Recovering,
        AlertPhase.NoData => AlertState.NoData,
        _ => AlertState.Resolved,
    };

    private static string MessageOf(AlertRule rule, in MetricReading reading, AlertPhase phase, AlertLevel level)
    {
        var message = rule.Message(reading, level);
        return phase == AlertPhase.NoData ? $"No data any more. Before: {message}" : message;
    }
}
