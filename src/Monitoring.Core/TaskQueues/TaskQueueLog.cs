using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues;

internal static partial class TaskQueueLog
{
    [LoggerMessage(EventId = EventIds.TaskAttemptFailed, Level = LogLevel.Warning,
        Message = "Task {TaskType} {TaskId} failed on attempt {Attempt} of {MaxAttempts} ({Reason}); the next one follows in {DelaySeconds:0.###} s")]
    public static partial void AttemptFailed(
        ILogger logger, string taskType, string taskId, int attempt, int maxAttempts, string reason, double delaySeconds, Exception exception);

    [LoggerMessage(EventId = EventIds.TaskFailed, Level = LogLevel.Error,
        Message = "Task {TaskType} {TaskId} was given up after {Attempts} attempts ({Reason})")]
    public static partial void TaskFailed(ILogger logger, string taskType, string taskId, int attempts, string reason, Exception exception);

    [LoggerMessage(EventId = EventIds.TasksUndone, Level = LogLevel.Error,
        Message = "{Count} accepted tasks were not done when the host stopped: {Types}")]
    public static partial void TasksUndone(ILogger logger, int count, string types);

    [LoggerMessage(EventId = EventIds.TaskQueueDrained, Level = LogLevel.Information, Message = "All accepted tasks were done when the host stopped")]
    public static partial void Drained(ILogger logger);
}
