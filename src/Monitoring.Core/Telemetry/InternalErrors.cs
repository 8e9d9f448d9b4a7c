using Microsoft.Extensions.Logging;

namespace Monitoring.Telemetry;

/// <summary>
/// Errors of the monitor itself: counted, logged once per kind and minute, never thrown into the caller.
/// </summary>
public sealed partial class InternalErrors(ILogger logger, TimeProvider timeProvider)
{
    private const int KindLimit = 64;
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _lastLogged = [];
    private long _count;

    /// <summary>How many errors the monitor has swallowed since its start.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Counts an error, and logs it unless its kind was logged within the last minute.</summary>
    /// <param name="kind">A constant that names the place; at most 64 different ones are told apart.</param>
    /// <param name="exception">What was caught.</param>
    public void Report(string kind, Exception exception)
    {
        Interlocked.Increment(ref _count);
        if (!ShouldLog(kind))
        {
            return;
        }

        try
        {
            LogInternalError(logger, kind, exception);
        }
        catch (Exception)
        {
            // A log provider that throws must not reach the caller either, nor end the process from a timer.
            Interlocked.Increment(ref _count);
        }
    }

    private bool ShouldLog(string kind)
    {
        var now = timeProvider.GetUtcNow();
        lock (_lock)
        {
            if (_lastLogged.TryGetValue(kind, out var last) && now - last < LogInterval)
            {
                return false;
            }

            if (_lastLogged.Count >= KindLimit && !_lastLogged.ContainsKey(kind))
            {
                return false;
            }

            _lastLogged[kind] = now;
            return true;
        }
    }

    [LoggerMessage(EventId = EventIds.InternalError, Level = LogLevel.Error, Message = "The monitor could not finish {Kind}; the application is not affected")]
    private static partial void LogInternalError(ILogger logger, string kind, Exception exception);
}
