using Monitoring.Backpressure;
using Monitoring.TaskQueues.Recording;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues;

/// <inheritdoc cref="IAdmission"/>
/// <remarks>The level is that of the last evaluation, at most a second or two old; whether the queue is full is asked anew.</remarks>
internal sealed class QueueAdmission(TaskQueueMonitor monitor, InternalErrors? errors) : IAdmission
{
    private const double ShortestSeconds = 1;
    private const double LongestSeconds = 60;
    private const double Jitter = 0.25;

    public AdmissionDecision Admit(TaskPriority priority = TaskPriority.Normal, string? queue = null) => Decide(priority, queue, count: true);

    public AdmissionDecision Preview(TaskPriority priority = TaskPriority.Normal, string? queue = null) => Decide(priority, queue, count: false);

    /// <summary>When to come back: the backlog is worked off and the signals have stayed clear; without the jitter.</summary>
    internal static TimeSpan EstimateRetryAfter(BackpressureStatus status, int depth, TimeSpan clearAfter)
    {
        // What is shed no longer arrives, so where the queue would never drain it does at the rate of completions.
        var drain = status.EstimatedDrainTime?.TotalSeconds
            ?? (status.CompletionRatePerSecond > 0 ? depth / status.CompletionRatePerSecond : LongestSeconds);
        return TimeSpan.FromSeconds(Math.Clamp(drain + clearAfter.TotalSeconds, ShortestSeconds, LongestSeconds));
    }

    private AdmissionDecision Decide(TaskPriority priority, string? queue, bool count)
    {
        var name = queue ?? TaskQueueMonitor.DefaultQueue;
        try
        {
            if (monitor.FindQueue(name) is { } found)
            {
                var decision = Judge(found, priority);
                if (count)
                {
                    found.OnAdmission(priority, decision.IsAdmitted);
                }

                return decision;
            }
        }
        catch (Exception exception)
        {
            errors?.Report("task-queue.admission", exception);
        }

        return new AdmissionDecision { Queue = name, Priority = priority, IsAdmitted = true };
    }

    private static AdmissionDecision Judge(QueueMonitor queue, TaskPriority priority)
    {
        var status = queue.Backpressure;
        var reason = Refusal(queue, status, priority);
        return new AdmissionDecision
        {
            Queue = queue.Name,
            Priority = priority,
            IsAdmitted = reason is null,
            RetryAfter = reason is null ? TimeSpan.Zero : queue.EstimateAdmission() * (1 + Jitter * Random.Shared.NextDouble()),
            Reason = reason,
            Level = status.Level,
        };
    }

    private static string? Refusal(QueueMonitor queue, BackpressureStatus status, TaskPriority priority)
    {
        var sheds = status.Level switch
        {
            BackpressureLevel.Severe => priority != TaskPriority.High,
            BackpressureLevel.Elevated => priority == TaskPriority.Low,
            _ => false,
        };
        if (sheds)
        {
            return $"Queue {queue.Name} takes no work of {NameOf(priority)} priority at the moment. {(status.Reasons.Count > 0 ? status.Reasons[0] : "")}".TrimEnd();
        }

        return queue.Watched.CanTake(priority) ? null : $"Queue {queue.Name} is full.";
    }

    private static string NameOf(TaskPriority priority) => priority switch
    {
        TaskPriority.High => "high",
        TaskPriority.Normal => "normal",
        _ => "low",
    };
}
