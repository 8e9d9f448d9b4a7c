using Monitoring.Latency;

namespace Monitoring.TaskQueues.Recording;

/// <summary>What a queue counted since the start.</summary>
/// <param name="Priorities">By priority.</param>
/// <param name="Attempts">Attempts and the time they took.</param>
/// <param name="Waits">Tasks started and the time they had waited.</param>
/// <param name="Retried">Failed attempts that were followed by another one.</param>
/// <param name="TimedOut">Attempts that failed after their time was over.</param>
/// <param name="Redelivered">Deliveries of tasks that a worker had been given before.</param>
/// <param name="Undone">Accepted tasks that were not done when their processor stopped.</param>
internal sealed record QueueTotals(
    PriorityTotals[] Priorities, LatencyTotals Attempts, LatencyTotals Waits, long Retried, long TimedOut, long Redelivered, long Undone);

/// <summary>What one priority of it counted since the start.</summary>
internal sealed record PriorityTotals(long Enqueued, long Rejected, long Duplicates, long Dropped, long Completed, long Failed);
