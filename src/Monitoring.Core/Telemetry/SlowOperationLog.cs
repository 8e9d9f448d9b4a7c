using Microsoft.Extensions.Logging;

namespace Monitoring.Telemetry;

/// <summary>
/// Writes slow operations to the host's log, category <c>Monitoring.Slow</c>, as warnings with an event id and named
/// fields. Each kind has a budget, so that an outage, in which everything is slow, does not flood the log; how many were left out
/// stands in the next line of the kind. Thread-safe, lock-free up to the logger; never throws.
/// </summary>
/// <remarks>
/// Ask <see cref="Admits"/> first and make the event only then: so a slow operation for which there is no line costs a few
/// additions and no allocation.
/// </remarks>
internal sealed partial class SlowOperationLog
{
    /// <summary>The category of the lines.</summary>
    public const string Category = "Monitoring.Slow";

    private const int LongestName = 256;
    private const int LongestText = 1000;

    private readonly ILogger _logger;
    private readonly InternalErrors _errors;
    private readonly LineBudget[] _budgets;

    // Replaced as a whole by a reload, never changed.
    private volatile LogOptions _options;

    public SlowOperationLog(ILoggerFactory loggerFactory, TimeProvider timeProvider, LogOptions options, InternalErrors errors)
    {
        _logger = loggerFactory.CreateLogger(Category);
        _options = options;
        _errors = errors;
        _budgets = [.. Enum.GetValues<SlowOperationKind>().Select(_ => new LineBudget(timeProvider))];
    }

    /// <summary>Duration from which on a webhook is slow.</summary>
    public TimeSpan WebhookThreshold => _options.WebhookThreshold;

    /// <summary>Duration from which on an attempt at a task is slow.</summary>
    public TimeSpan TaskThreshold => _options.TaskThreshold;

    /// <summary>Takes over options that were validated.</summary>
    public void Reload(LogOptions options) => _options = options;

    /// <summary>Whether one more slow operation of the kind may be logged now; counts it as left out if there are too many.</summary>
    public bool Admits(SlowOperationKind kind)
    {
        try
        {
            var options = _options;
            return options.SlowOperations && _logger.IsEnabled(LogLevel.Warning) && _budgets[(int)kind].TryTake(options.Burst, options.PerSecond);
        }
        catch (Exception exception)
        {
            _errors.Report("slow-operation-log", exception);
            return false;
        }
    }

    /// <summary>Logs a slow operation that <see cref="Admits"/> has let through.</summary>
    public void Write(in SlowOperationEvent operation)
    {
        var budget = _budgets[(int)operation.Kind];
        var leftOut = budget.TakeLeftOut();
        try
        {
            Log(
                operation.Kind,
                Plain(operation.Operation, LongestName) ?? "",
                Milliseconds(operation.Duration),
                Milliseconds(operation.Threshold),
                Plain(operation.Outcome, LongestName) ?? "",
                Plain(operation.Source, LongestName),
                Plain(operation.Detail, LongestText),
                operation.TraceId,
                leftOut);
        }
        catch (Exception exception)
        {
            // A log provider that throws must not reach the caller. Nobody has read the line: it is left out like the others.
            budget.PutBack(leftOut + 1);
            _errors.Report("slow-operation-log", exception);
        }
    }

    private static double Milliseconds(TimeSpan duration) => Math.Round(duration.TotalMilliseconds, 3);

    // A line break in a text from outside would forge a line of the log.
    private static string? Plain(string? text, int longest)
    {
        if (text is null || (text.Length <= longest && !text.Any(BreaksLine)))
        {
            return text;
        }

        return string.Create(Math.Min(text.Length, longest), text, static (plain, text) =>
        {
            for (var i = 0; i < plain.Length; i++)
            {
                plain[i] = BreaksLine(text[i]) ? ' ' : text[i];
            }
        });
    }

    private static bool BreaksLine(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';

    private void Log(
        SlowOperationKind kind, string operation, double durationMs, double thresholdMs, string outcome, string? source, string? detail, string? traceId, long leftOut)
    {
        switch (kind)
        {
            case SlowOperationKind.Request:
                SlowRequest(_logger, operation, durationMs, thresholdMs, outcome, source, detail, traceId, leftOut);
                break;
            case SlowOperationKind.Webhook:
                SlowWebhook(_logger, operation, durationMs, thresholdMs, outcome, source, detail, traceId, leftOut);
                break;
            case SlowOperationKind.Redis:
                SlowRedisOperation(_logger, operation, durationMs, thresholdMs, outcome, source, detail, traceId, leftOut);
                break;
            case SlowOperationKind.Query:
                SlowQuery(_logger, operation, durationMs, thresholdMs, outcome, source, detail, traceId, leftOut);
                break;
            default:
                SlowTask(_logger, operation, durationMs, thresholdMs, outcome, source, detail, traceId, leftOut);
                break;
        }
    }

    [LoggerMessage(EventId = EventIds.SlowRequest, Level = LogLevel.Warning,
        Message = "Slow request {Operation}: {DurationMs} ms, threshold {ThresholdMs} ms, {Outcome} [{Source}; {Detail}; trace {TraceId}; {LeftOut} left out before]")]
    private static partial void SlowRequest(
        ILogger logger, string operation, double durationMs, double thresholdMs, string outcome, string? source, string? detail, string? traceId, long leftOut);

    [LoggerMessage(EventId = EventIds.SlowWebhook, Level = LogLevel.Warning,
        Message = "Slow webhook {Operation}: {DurationMs} ms, threshold {ThresholdMs} ms, {Outcome} [{Source}; {Detail}; trace {TraceId}; {LeftOut} left out before]")]
    private static partial void SlowWebhook(
        ILogger logger, string operation, double durationMs, double thresholdMs, string outcome, string? source, string? detail, string? traceId, long leftOut);

    [LoggerMessage(EventId = EventIds.SlowRedisOperation, Level = LogLevel.Warning,
        Message = "Slow Redis operation {Operation}: {DurationMs} ms, threshold {ThresholdMs} ms, {Outcome} [{Source}; {Detail}; trace {TraceId}; {LeftOut} left out before]")]
    private static partial void SlowRedisOperation(
        ILogger logger, string operation, double durationMs, double thresholdMs, string outcome, string? source, string? detail, string? traceId, long leftOut);

    [LoggerMessage(EventId = EventIds.SlowQuery, Level = LogLevel.Warning,
        Message = "Slow query {Operation}: {DurationMs} ms, threshold {ThresholdMs} ms, {Outcome} [{Source}; {Detail}; trace {TraceId}; {LeftOut} left out before]")]
    private static partial void SlowQuery(
        ILogger logger, string operation, double durationMs, double thresholdMs, string outcome, string? source, string? detail, string? traceId, long leftOut);

    [LoggerMessage(EventId = EventIds.SlowTask, Level = LogLevel.Warning,
        Message = "Slow task {Operation}: {DurationMs} ms, threshold {ThresholdMs} ms, {Outcome} [{Source}; {Detail}; trace {TraceId}; {LeftOut} left out before]")]
    private static partial void SlowTask(
        ILogger logger, string operation, double durationMs, double thresholdMs, string outcome, string? source, string? detail, string? traceId, long leftOut);
}
