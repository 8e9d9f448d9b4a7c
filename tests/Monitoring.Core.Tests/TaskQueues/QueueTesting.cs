using Monitoring.TaskQueues;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>Short words for what the tests of the in-process queue do all the time.</summary>
internal static class QueueTesting
{
    public static BackgroundTask NewTask(TaskPriority priority = TaskPriority.Normal, string? key = null, TimeSpan delay = default)
    {
        var task = BackgroundTask.Create(static _ => ValueTask.CompletedTask, priority);
        task.DeduplicationKey = key;
        task.Delay = delay;
        return task;
    }

    public static async Task<List<BackgroundTask>> TakeAsync(this IBackgroundTaskQueue queue, int count)
    {
        var taken = new List<BackgroundTask>();
        while (taken.Count < count)
        {
            taken.Add(await queue.DequeueAsync(CancellationToken.None));
        }

        return taken;
    }

    /// <summary>Takes as many as there are and tells their priorities, each by its first letter.</summary>
    public static async Task<string> TakePrioritiesAsync(this IBackgroundTaskQueue queue, int count) =>
        string.Concat((await queue.TakeAsync(count)).Select(static task => task.Priority.ToString()[0]));

    /// <summary>The calls of a processor.</summary>
    public static ISettlingTaskQueue Settling(this BoundedTaskQueue queue) => queue;

    /// <summary>The calls of a processor that stops.</summary>
    public static IDrainableTaskQueue Drainable(this BoundedTaskQueue queue) => queue;

    public static DeadLetter LetterOf(BackgroundTask task, DateTimeOffset at = default) => new()
    {
        Id = task.Id,
        TypeName = task.TypeName,
        Priority = task.Priority,
        At = at,
        Reason = DeadLetterReason.AttemptsExhausted,
        Attempts = task.Attempt,
        ExceptionType = "System.InvalidOperationException",
        Message = "no",
    };
}
