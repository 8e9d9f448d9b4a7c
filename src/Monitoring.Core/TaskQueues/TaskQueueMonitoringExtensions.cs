using Monitoring.TaskQueues;

namespace Monitoring;

/// <summary>Monitors a queue that was built by hand.</summary>
public static class TaskQueueMonitoringExtensions
{
    /// <summary>
    /// Wraps a queue so that <paramref name="monitor"/> counts what goes in and out, how long tasks wait and how deep the
    /// queue is. Processing is measured when tasks are run by <see cref="TaskProcessor"/>, or by any other loop through
    /// <see cref="BackgroundTask.ExecuteAsync"/>.
    /// </summary>
    /// <param name="queue">The queue. Use it through the result from now on.</param>
    /// <param name="monitor">The monitor.</param>
    /// <param name="capacity">How many tasks may wait, if the queue is bounded; known of <see cref="BoundedTaskQueue"/>.</param>
    /// <param name="workers">How many workers the queue's own loop has; leave it out when <see cref="TaskProcessor"/> runs it.</param>
    /// <param name="name">Name under which it is counted; its own by default, or else <c>tasks</c>. Queues of one name are added up.</param>
    /// <returns>The monitored queue; disposing it ends the watch.</returns>
    public static IBackgroundTaskQueue WithMonitoring(
        this IBackgroundTaskQueue queue, IPerformanceMonitor monitor, int? capacity = null, int? workers = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(monitor);
        var recorder = monitor.TaskQueue.Queue(name ?? (queue as IManagedTaskQueue)?.Name ?? TaskQueueMonitor.DefaultQueue);
        return new MonitoredTaskQueue(queue, recorder, capacity ?? (queue as BoundedTaskQueue)?.Capacity ?? (queue as IRemoteTaskQueue)?.Capacity ?? 0, workers ?? 0);
    }
}
