using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// Writes every notice to the host's log, category <c>Monitoring.Alerts</c>: a critical alert as an error, a warning as a
/// warning, a resolved one as information. Registered by default. Thread-safe.
/// </summary>
public sealed partial class LogNotifier : IAlertNotifier
{
    private readonly ILogger _logger;

    /// <summary>Takes the logger from <paramref name="loggerFactory"/>.</summary>
    public LogNotifier(ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(loggerFactory);
        _logger = loggerFactory.CreateLogger("Monitoring.Alerts");
    }

    /// <inheritdoc/>
    public string Name => "log";

    /// <inheritdoc/>
    public Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<string?>(cancellationToken);
        }

        foreach (var entry in notice.Entries)
        {
            Log(entry.Alert);
        }

        return Task.FromResult<string?>(null);
    }

    private void Log(Alert alert)
    {
        var level = alert.Severity == AlertSeverity.Critical ? LogLevel.Error : LogLevel.Warning;
        if (alert.State == AlertState.Resolved)
        {
            LogResolved(_logger, alert.Key, alert.Resolution, alert.ResolvedBy, alert.ResolvedAt - alert.StartedAt, alert.Message, alert.PeakValue, alert.Unit);
        }
        else if (alert.PreviousSeverity is { } previous)
        {
            LogSeverityChanged(_logger, level, alert.Key, previous, alert.Severity, alert.Message, alert.Value, alert.Threshold, alert.Unit);
        }
        else
        {
            LogFiring(_logger, level, alert.Key, alert.Severity, alert.Message, alert.Value, alert.Threshold, alert.Unit);
        }
    }

    [LoggerMessage(EventId = EventIds.AlertFiring, Message = "Alert {AlertKey} fires ({Severity}): {AlertMessage} [value {Value}, threshold {Threshold} {Unit}]")]
    private static partial void LogFiring(ILogger logger, LogLevel level, string alertKey, AlertSeverity severity, string alertMessage, double value, double threshold, string unit);

    [LoggerMessage(EventId = EventIds.AlertSeverityChanged, Message = "Alert {AlertKey} goes from {PreviousSeverity} to {Severity}: {AlertMessage} [value {Value}, threshold {Threshold} {Unit}]")]
    private static partial void LogSeverityChanged(ILogger logger, LogLevel level, string alertKey, AlertSeverity previousSeverity, AlertSeverity severity, string alertMessage, double value, double threshold, string unit);

    [LoggerMessage(EventId = EventIds.AlertResolved, Level = LogLevel.Information, Message = "Alert {AlertKey} is resolved ({Resolution}, by {ResolvedBy}) after {Duration}: {AlertMessage} [peak {PeakValue} {Unit}]")]
    private static partial void LogResolved(ILogger logger, string alertKey, AlertResolution? resolution, string? resolvedBy, TimeSpan? duration, string alertMessage, double peakValue, string unit);
}
