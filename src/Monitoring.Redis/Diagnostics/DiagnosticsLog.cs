using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;

namespace Monitoring.Redis.Diagnostics;

/// <summary>The lines of the diagnostics, each logged once. Written by hand: this folder is compiled against other client versions with our generator alone.</summary>
internal static class DiagnosticsLog
{
    private static readonly Action<ILogger, string, string, Exception?> Absent = LoggerMessage.Define<string, string>(
        LogLevel.Information,
        new EventId(EventIds.RedisDiagnosticsAbsent, nameof(LogAbsent)),
        "The servers of Redis connection {Connection} are not asked about themselves: {Reason}; DiagnosticsConfiguration can say how to connect");

    private static readonly Action<ILogger, string, Exception?> Unconnected = LoggerMessage.Define<string>(
        LogLevel.Warning,
        new EventId(EventIds.RedisDiagnosticsUnconnected, nameof(LogUnconnected)),
        "The monitor cannot connect to the servers of Redis connection {Connection} although the application can, and goes on trying; DiagnosticsConfiguration can say how to connect");

    private static readonly Action<ILogger, string, string, Exception?> Refused = LoggerMessage.Define<string, string>(
        LogLevel.Information,
        new EventId(EventIds.RedisServerItemRefused, nameof(LogRefused)),
        "Redis server {EndPoint} does not tell {Items}; it is not asked for that again");

    public static void LogAbsent(ILogger logger, string connection, string reason) => Absent(logger, connection, reason, null);

    public static void LogUnconnected(ILogger logger, string connection) => Unconnected(logger, connection, null);

    public static void LogRefused(ILogger logger, string endPoint, string items) => Refused(logger, endPoint, items, null);
}
