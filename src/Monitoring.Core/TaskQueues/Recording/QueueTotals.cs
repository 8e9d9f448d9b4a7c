namespace Monitoring.TaskQueues.Recording;

/// <summary>What a queue counted since the start.</summary>
internal sealed record QueueTotals(PriorityTotals[] Priorities, long Retried, long TimedOut, long Redelivered, long Undone);

/// <summary>What one priority of it counted since the start.</summary>
internal sealed record PriorityTotals(long Enqueued, long Rejected, long Duplicates, long Dropped, long Completed, long Failed);
