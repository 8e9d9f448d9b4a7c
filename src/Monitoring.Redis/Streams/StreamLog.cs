using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;

namespace Monitoring.Redis.Streams;

internal static partial class StreamLog
{
    [LoggerMessage(EventId = EventIds.StreamGroupsMade, Level = LogLevel.Information,
        Message = "Queue {Queue}: made the consumer group of {Count} streams, which had none")]
    public static partial void GroupsMade(ILogger logger, string queue, int count);

    [LoggerMessage(EventId = EventIds.StreamTaskGivenUp, Level = LogLevel.Error,
        Message = "Queue {Queue}: task {TaskType} {TaskId} (entry {EntryId}) was given up without another attempt: {Problem}")]
    public static partial void GivenUp(ILogger logger, string queue, string taskType, string taskId, string entryId, string problem);

    [LoggerMessage(EventId = EventIds.StreamOtherGroup, Level = LogLevel.Warning,
        Message = "Queue {Queue}: its streams have {Count} other consumer groups beside {Group}. Each group is given every task: let all processes use the same one")]
    public static partial void OtherGroups(ILogger logger, string queue, int count, string group);

    [LoggerMessage(EventId = EventIds.StreamTasksTakenOver, Level = LogLevel.Warning,
        Message = "Queue {Queue}: {Count} running tasks were given to other processes, because this one gave no sign of life in time; they run twice")]
    public static partial void TakenOver(ILogger logger, string queue, int count);
}
