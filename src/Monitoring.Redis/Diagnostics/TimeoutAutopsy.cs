using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>
/// Says why an operation timed out. Costs nothing for any other failure. Neither the exception's message nor a key gets into
/// what is kept. Thread-safe; never throws.
/// </summary>
internal static class TimeoutAutopsy
{
    private static readonly bool ReceivesAhead = OperatingSystem.IsWindows();

    /// <summary>Diagnoses a failure and keeps the diagnosis, if it is a timeout and there are not too many of them.</summary>
    /// <param name="monitor">Who keeps it.</param>
    /// <param name="operation">Redis command.</param>
    /// <param name="exception">How the operation failed.</param>
    /// <param name="elapsed">How long the caller had waited.</param>
    public static void Record(RedisMonitor monitor, string operation, Exception exception, TimeSpan elapsed)
    {
        if (!IsTimeout(exception) || !monitor.AdmitsTimeout())
        {
            return;
        }

        try
        {
            monitor.AddTimeout(Of(operation, exception, elapsed, monitor.TimeProvider.GetUtcNow()));
        }
        catch (Exception own)
        {
            monitor.Errors.Report("redis-timeout-autopsy", own);
        }
    }

    /// <summary>The diagnosis of one timeout.</summary>
    public static RedisTimeoutDiagnosis Of(string operation, Exception exception, TimeSpan elapsed, DateTimeOffset at) =>
        exception is RedisTimeoutException or RedisConnectionException
            ? TimeoutRules.Judge(new TimeoutFigures(exception.Data).Read(operation, elapsed, at), ReceivesAhead)
            : new RedisTimeoutDiagnosis
            {
                At = at,
                Operation = operation,
                Elapsed = elapsed,
                Cause = RedisTimeoutCause.Unknown,
                Explanation = "The caller stopped waiting; such a timeout carries no figures of the client.",
            };

    // The client reports a command that timed out while it waited for a connection as the failure of that connection.
    private static bool IsTimeout(Exception exception) =>
        exception is TimeoutException || (exception is RedisConnectionException && exception.Data.Contains("Redis-Timeout"));
}
