using Monitoring.Alerts;
using Monitoring.CircuitBreakers;
using Monitoring.Redis;
using Monitoring.Services;
using Monitoring.Telemetry;

namespace Monitoring;

/// <summary>What changed lately, put together from what the rooms keep anyway.</summary>
internal static class RecentChanges
{
    private const int Most = 100;

    /// <summary>What changed within the window, newest first, at most 100.</summary>
    public static IReadOnlyList<RecentChange> Of(IPerformanceMonitor monitor, TimeSpan window)
    {
        var now = monitor.TimeProvider.GetUtcNow();
        var from = now - window;
        return
        [
            .. Started(monitor)
                .Concat(Alerts(monitor))
                .Concat(Circuits(monitor))
                .Concat(Connections(monitor))
                .Concat(Services(monitor, window))
                .Concat(People(monitor))
                .Concat(FigureChanges.Of(monitor.History, now))
                .Where(change => change.At > from)
                .OrderByDescending(static change => change.At)
                .Take(Most),
        ];
    }

    private static IEnumerable<RecentChange> Started(IPerformanceMonitor monitor) =>
        [new(monitor.StartedAt, RecentChangeKind.Started, null, "monitor", "The service started to be monitored.")];

    private static IEnumerable<RecentChange> Alerts(IPerformanceMonitor monitor) =>
        from alert in monitor.GetActiveAlerts().Concat(monitor.Alerts.GetResolved())
        from happened in alert.Timeline
        let text = TextOf(alert, happened)
        where text is not null
        let severity = happened.Kind == AlertEventKind.Resolved ? null : happened.Severity
        select new RecentChange(happened.At, RecentChangeKind.Alert, severity, Subject(alert), text, alert.Key);

    // Acknowledgements are with what people did.
    private static string? TextOf(Alert alert, AlertEvent happened)
    {
        var value = happened.Value is { } number && alert.Unit.Length > 0 ? $", {AlertText.Quantity(number, alert.Unit)}" : "";
        return happened.Kind switch
        {
            AlertEventKind.Fired => $"Alert fired: {Subject(alert)}{value}.",
            AlertEventKind.SeverityChanged => $"Alert {(happened.Severity == AlertSeverity.Critical ? "became critical" : "eased to a warning")}: {Subject(alert)}{value}.",
            AlertEventKind.Resolved => $"Alert resolved{(happened.By is { } by ? $" by {AlertText.Name(by)}" : "")}: {Subject(alert)}{Note(happened.Note)}",
            _ => null,
        };
    }

    private static string Subject(Alert alert)
    {
        var rule = alert.Rule.Replace('-', ' ');
        return alert.Instance is { } instance ? $"{rule} of {instance}" : rule;
    }

    private static IEnumerable<RecentChange> Circuits(IPerformanceMonitor monitor) =>
        from circuit in monitor.CircuitBreakers.GetSummaries()
        from transition in circuit.LastTransitions
        let severity = transition.To switch
        {
            CircuitState.Closed => (AlertSeverity?)null,
            CircuitState.HalfOpen => AlertSeverity.Warning,
            _ => AlertSeverity.Critical,
        }
        let what = transition.To switch
        {
            CircuitState.Closed => "closed: calls go through again",
            CircuitState.HalfOpen => "is half-open: one call tries whether it works again",
            CircuitState.Isolated => "was isolated: calls fail at once",
            _ => "opened: calls fail at once",
        }
        select new RecentChange(transition.At, RecentChangeKind.Circuit, severity, circuit.Name, $"Circuit {AlertText.Name(circuit.Name)} {what}{Because(transition.Reason)}");

    private static IEnumerable<RecentChange> Connections(IPerformanceMonitor monitor) =>
        from connection in monitor.Redis.GetConnections()
        from happened in connection.Events
        let severity = happened.Kind is RedisConnectionEventKind.Failed or RedisConnectionEventKind.ReconnectStorm ? AlertSeverity.Warning : (AlertSeverity?)null
        let server = happened.EndPoint is { } endPoint ? $" to {AlertText.Name(endPoint)}" : ""
        let kind = happened.ConnectionKind is { } of ? $" ({AlertText.Name(of).ToLowerInvariant()})" : ""
        let what = happened.Kind switch
        {
            RedisConnectionEventKind.Failed => $"lost its connection{server}{kind}",
            RedisConnectionEventKind.Restored => $"is connected{server} again{kind}",
            RedisConnectionEventKind.ReconnectStorm => $"loses its connections{server} again and again",
            RedisConnectionEventKind.EndPointsChanged => "sees other servers, or other roles of them, than before",
            RedisConnectionEventKind.Maintenance => "was told of maintenance",
            _ => $"reported an error{server}",
        }
        select new RecentChange(happened.At, RecentChangeKind.Connection, severity, connection.Name, $"Redis connection {AlertText.Name(connection.Name)} {what}{Because(happened.Reason)}");

    private static IEnumerable<RecentChange> Services(IPerformanceMonitor monitor, TimeSpan window) =>
        from service in monitor.Services.GetSummary(window).Services
        from transition in service.History
        let severity = transition.To switch
        {
            ServiceStatus.Critical => service.IsOptional ? AlertSeverity.Warning : AlertSeverity.Critical,
            ServiceStatus.Warning => AlertSeverity.Warning,
            _ => (AlertSeverity?)null,
        }
        let was = transition.From == ServiceStatus.Unknown ? "is" : "became"
        select new RecentChange(
            transition.At, RecentChangeKind.Service, severity, service.Name,
            $"Service {AlertText.Name(service.Name)} {was} {transition.To.ToString().ToLowerInvariant()}{Because(transition.Reason)}");

    // Who resolved an alert is told with the alert; what the monitor did by itself was no person.
    private static IEnumerable<RecentChange> People(IPerformanceMonitor monitor) =>
        from entry in monitor.Audit.GetEntries()
        where entry.Action is not ("alert.resolve" or "service.recover")
        let what = entry.Action switch
        {
            "alert.acknowledge" => $"acknowledged the alert {AlertText.Name(entry.Target)}",
            "circuit.isolate" => $"isolated the circuit {AlertText.Name(entry.Target)}",
            "circuit.close" => $"closed the circuit {AlertText.Name(entry.Target)}",
            "config.change" => $"changed the setting {AlertText.Name(entry.Target)}",
            "config.reset" => $"took back the change of the setting {AlertText.Name(entry.Target)}",
            "queue.pause" => $"paused the queue {AlertText.Name(entry.Target)}",
            "queue.resume" => $"resumed the queue {AlertText.Name(entry.Target)}",
            "queue.redrive" => $"put dead letters of the queue {AlertText.Name(entry.Target)} back",
            "silence.add" => "silenced alerts",
            "silence.update" => "changed a silence",
            "silence.expire" => "ended a silence",
            "notifier.test" => $"tested the channel {AlertText.Name(entry.Target)}",
            _ => $"did {AlertText.Name(entry.Action)} on {AlertText.Name(entry.Target)}",
        }
        select new RecentChange(
            entry.At, RecentChangeKind.Person, null, entry.Target, $"{(entry.By is { } by ? AlertText.Name(by) : "Somebody")} {what}{Note(entry.Note)}",
            entry.Action == "alert.acknowledge" ? entry.Target : null);

    private static string Because(string? reason) => string.IsNullOrWhiteSpace(reason) ? "." : $" ({reason.TrimEnd('.')}).";

    private static string Note(string? note) => string.IsNullOrWhiteSpace(note) ? "." : $": {note}";
}
