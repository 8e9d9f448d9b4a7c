using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;

namespace Monitoring.Redis.Probes;

/// <summary>The lines of a probe: one when something changes, none for each poll.</summary>
internal static class ProbeLog
{
    private static readonly Action<ILogger, string, string, Exception?> Failed = LoggerMessage.Define<string, string>(
        LogLevel.Warning,
        new EventId(EventIds.QueueProbeFailed, nameof(LogFailed)),
        "The queues of {System} cannot be read ({Reason}); they are asked again, less often, until they can");

    private static readonly Action<ILogger, string, Exception?> Recovered = LoggerMessage.Define<string>(
        LogLevel.Information, new EventId(EventIds.QueueProbeRecovered, nameof(LogRecovered)), "The queues of {System} can be read again");

    private static readonly Action<ILogger, string, string, Exception?> Refused = LoggerMessage.Define<string, string>(
        LogLevel.Warning,
        new EventId(EventIds.QueueProbeItemRefused, nameof(LogRefused)),
        "Redis does not tell of {System}: {Items}; it is not asked for that again");

    private static readonly Action<ILogger, int, string, int, string, Exception?> LeftOut = LoggerMessage.Define<int, string, int, string>(
        LogLevel.Warning,
        new EventId(EventIds.QueueProbeQueuesLeftOut, nameof(LogLeftOut)),
        "{Found} queues of {System} were found and the first {Watched} are watched; MaxQueues allows more, or name them (not watched: {First}, …)");

    public static void LogFailed(ILogger logger, string system, string reason) => Failed(logger, system, reason, null);

    public static void LogRecovered(ILogger logger, string system) => Recovered(logger, system, null);

    public static void LogRefused(ILogger logger, string system, string items) => Refused(logger, system, items, null);

    public static void LogLeftOut(ILogger logger, int found, string system, int watched, string first) => LeftOut(logger, found, system, watched, first, null);
}
