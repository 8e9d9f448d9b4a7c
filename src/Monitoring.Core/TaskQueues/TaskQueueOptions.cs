using Monitoring.Validation;

namespace Monitoring.TaskQueues;

/// <summary>The in-process queue and its workers (section <c>Monitoring:TaskQueue</c>).</summary>
public sealed class TaskQueueOptions
{
    /// <summary>Tasks that may wait, all priorities together. 1 to 1,000,000; default 1,000.</summary>
    public int Capacity { get; set; } = 1000;

    /// <summary>Tasks that run at the same time. 1 to 1,024; default 8.</summary>
    public int Workers { get; set; } = 8;

    internal void Validate(OptionsErrors errors) => ArgumentNullException.ThrowIfNull(errors);
}
