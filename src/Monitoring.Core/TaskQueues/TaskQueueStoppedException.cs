namespace Monitoring.TaskQueues;

/// <summary>The queue has been stopped and takes no more tasks. The task was not accepted.</summary>
public sealed class TaskQueueStoppedException()
    : InvalidOperationException("The task queue has been stopped and takes no more tasks.");
