namespace Monitoring.TaskQueues;

/// <summary>
/// Whether new work should be taken on, asked before it is made: elevated backpressure of the queue sheds low priority, severe
/// backpressure normal too, and a full queue what it would refuse. Thread-safe. Never throws: on an error of its own it
/// admits. A queue that is not known admits everything.
/// </summary>
public interface IAdmission
{
    /// <summary>Decides, and counts the decision.</summary>
    /// <param name="priority">Priority of the work.</param>
    /// <param name="queue">Name of the queue; <see cref="TaskQueueMonitor.DefaultQueue"/> by default.</param>
    AdmissionDecision Admit(TaskPriority priority = TaskPriority.Normal, string? queue = null);

    /// <summary>The same without counting it.</summary>
    /// <param name="priority">Priority of the work.</param>
    /// <param name="queue">Name of the queue; <see cref="TaskQueueMonitor.DefaultQueue"/> by default.</param>
    AdmissionDecision Preview(TaskPriority priority = TaskPriority.Normal, string? queue = null);
}
