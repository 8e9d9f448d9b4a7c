using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// Writes every alert of a notice to the host's log, category <c>Monitoring.Alerts</c>, with its fields: a critical alert as an error, a
/// warning as a warning, a resolved one as information. Of a notice with more than 100 alerts it writes the first 100, the most severe, and
/// how many more there are. Registered by default. Thread-safe.
/// </summary>
public sealed partial class LogNotifier : IAlertNotifier
{
    private const int MostAlerts = 100;
    private const int LongestText = 2000;

    private readonly ILogger _logger;

    /// <summary>Takes the logger from <paramref name="loggerFactory"/>.</summary>
    /// <param name="loggerFactory">Where to write.</param>
    /// <param name="options">Which alerts; all by default. Read once.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names what is wrong.</exception>
    public LogNotifier(ILoggerFactory loggerFactory, LogNotifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(loggerFactory);
        options ??= new LogNotifierOptions();
        options.ThrowIfInvalid();
        Name = options.Name;
        Channel = options;
        _logger = loggerFactory.CreateLogger("Monitoring.Alerts");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public AlertChannelOptions Channel { get; }

    /// <inheritdoc/>
    public Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<string?>(cancellationToken);
        }

        if (notice.IsTest)
        {
            LogTest(_logger, NoticeText.Test);
        }

        foreach (var entry in notice.Entries.Take(MostAlerts))
        {
            Log(entry);
        }

        if (notice.Entries.Count > MostAlerts && _logger.IsEnabled(LogLevel.Warning))
        {
            LogMore(_logger, NoticeText.More(notice.Entries.Count - MostAlerts));
        }

        if (notice.Digest is { } digest && _logger.IsEnabled(LogLevel.Warning))
        {
            LogDigest(_logger, NoticeText.Line(digest, LongestText));
        }

        return Task.FromResult<string?>(null);
    }

    private void Log(AlertNoticeEntry entry)
    {
        var alert = entry.Alert;
        var isOver = alert.State == AlertState.Resolved;
        var level = isOver ? LogLevel.Information : alert.Severity == AlertSeverity.Critical ? LogLevel.Error : LogLevel.Warning;
        if (!_logger.IsEnabled(level))
        {
            return;
        }

        // A line break in a text from outside would forge a line of the log.
        var says = NoticeText.Plain(NoticeText.Says(entry), LongestText);
        var message = NoticeText.Plain(alert.Message, LongestText);
        if (isOver)
        {
            LogResolved(_logger, alert.Key, says, alert.Resolution, alert.ResolvedBy is null ? null : NoticeText.Plain(alert.ResolvedBy, LongestText), alert.ResolvedAt - alert.StartedAt, message, alert.PeakValue, alert.Unit, entry.Reason);
        }
        else if (entry.Reason == AlertNoticeReason.SeverityChanged)
        {
            LogSeverityChanged(_logger, level, alert.Key, alert.PreviousSeverity, alert.Severity, message, alert.Value, alert.Threshold, alert.Unit);
        }
        else
        {
            LogFiring(_logger, level, alert.Key, says, alert.Severity, message, alert.Value, alert.Threshold, alert.Unit, entry.Reason);
        }
    }

    [LoggerMessage(EventId = EventIds.AlertFiring, Message = "Alert {AlertKey} {Says} ({Severity}): {AlertMessage} [value {Value}, threshold {Threshold} {Unit}; {Reason}]")]
    private static partial void LogFiring(ILogger logger, LogLevel level, string alertKey, string says, AlertSeverity severity, string alertMessage, double value, double threshold, string unit, AlertNoticeReason reason);

    [LoggerMessage(EventId = EventIds.AlertSeverityChanged, Message = "Alert {AlertKey} goes from {PreviousSeverity} to {Severity}: {AlertMessage} [value {Value}, threshold {Threshold} {Unit}]")]
    private static partial void LogSeverityChanged(ILogger logger, LogLevel level, string alertKey, AlertSeverity? previousSeverity, AlertSeverity severity, string alertMessage, double value, double threshold, string unit);

    [LoggerMessage(EventId = EventIds.AlertResolved, Level = LogLevel.Information, Message = "Alert {AlertKey} {Says} ({Resolution}, by {ResolvedBy}, after {Duration}): {AlertMessage} [peak {PeakValue} {Unit}; {Reason}]")]
    private static partial void LogResolved(ILogger logger, string alertKey, string says, AlertResolution? resolution, string? resolvedBy, TimeSpan? duration, string alertMessage, double peakValue, string unit, AlertNoticeReason reason);

    [LoggerMessage(EventId = EventIds.AlertTest, Level = LogLevel.Information, Message = "{Text}")]
    private static partial void LogTest(ILogger logger, string text);

    [LoggerMessage(EventId = EventIds.AlertsLeftOut, Level = LogLevel.Warning, Message = "Alerts: {Text}")]
    private static partial void LogMore(ILogger logger, string text);

    [LoggerMessage(EventId = EventIds.AlertDigest, Level = LogLevel.Warning, Message = "{Text}")]
    private static partial void LogDigest(ILogger logger, string text);
}
