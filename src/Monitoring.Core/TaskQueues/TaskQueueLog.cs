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

    [LoggerMessage(EventId = EventIds.TaskStuck, Level = LogLevel.Error,
        Message = "Task {TaskType} {TaskId} goes on {Seconds:0.###} s after it was cancelled; its worker {Replaced} (stuck now: {Stuck})")]
    public static partial void TaskStuck(ILogger logger, string taskType, string taskId, double seconds, string replaced, int stuck);

    [LoggerMessage(EventId = EventIds.StuckTaskEnded, Level = LogLevel.Warning, Message = "Task {TaskType} {TaskId}, which was stuck, has ended")]
    public static partial void StuckTaskEnded(ILogger logger, string taskType, string taskId);

    [LoggerMessage(EventId = EventIds.TasksReturned, Level = LogLevel.Information,
        Message = "{Returned} tasks were given back to their queue when the host stopped; {LeftBehind} still ran and will be delivered anew")]
    public static partial void TasksReturned(ILogger logger, int returned, int leftBehind);

    [LoggerMessage(EventId = EventIds.TaskAttemptFailedAtStop, Level = LogLevel.Warning,
        Message = "Task {TaskType} {TaskId} failed on attempt {Attempt} of {MaxAttempts} ({Reason}) while the host stops; the next one would come too late")]
    public static partial void AttemptFailedAtStop(
        ILogger logger, string taskType, string taskId, int attempt, int maxAttempts, string reason, Exception exception);

    [LoggerMessage(EventId = EventIds.TaskQueueDrained, Level = LogLevel.Information, Message = "All accepted tasks were done when the host stopped")]
    public static partial void Drained(ILogger logger);
}
