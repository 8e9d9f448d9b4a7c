using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;

namespace Monitoring.CircuitBreakers;

internal static partial class CircuitBreakerLog
{
    public static void Transition(ILogger logger, string circuit, CircuitTransition transition)
    {
        switch (transition.To)
        {
            case CircuitState.Closed:
                Closed(logger, circuit, transition.Reason);
                break;
            case CircuitState.HalfOpen:
                HalfOpened(logger, circuit, transition.Reason);
                break;
            case CircuitState.Isolated:
                Isolated(logger, circuit, transition.Reason);
                break;
            case CircuitState.Open when transition.From == CircuitState.HalfOpen:
                StaysOpen(logger, circuit, transition.Reason);
                break;
            default:
                Opened(logger, circuit, transition.Reason);
                break;
        }
    }

    [LoggerMessage(EventId = EventIds.CircuitOpened, Level = LogLevel.Warning, Message = "Circuit {Circuit} opened: {Reason}")]
    private static partial void Opened(ILogger logger, string circuit, string reason);

    [LoggerMessage(EventId = EventIds.CircuitHalfOpened, Level = LogLevel.Debug, Message = "Circuit {Circuit} is half-open: {Reason}")]
    private static partial void HalfOpened(ILogger logger, string circuit, string reason);

    [LoggerMessage(EventId = EventIds.CircuitClosed, Level = LogLevel.Information, Message = "Circuit {Circuit} closed: {Reason}")]
    private static partial void Closed(ILogger logger, string circuit, string reason);

    [LoggerMessage(EventId = EventIds.CircuitIsolated, Level = LogLevel.Warning, Message = "Circuit {Circuit} was isolated: {Reason}")]
    private static partial void Isolated(ILogger logger, string circuit, string reason);

    [LoggerMessage(EventId = EventIds.CircuitStaysOpen, Level = LogLevel.Information, Message = "Circuit {Circuit} stays open: {Reason}")]
    private static partial void StaysOpen(ILogger logger, string circuit, string reason);
}
