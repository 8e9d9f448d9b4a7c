using Monitoring.Validation;

namespace Monitoring.TaskQueues;

/// <summary>The in-process queue and its workers (section <c>Monitoring:TaskQueue</c>). What belongs to the queue alone is read once, when it starts.</summary>
public sealed class TaskQueueOptions : TaskProcessorOptions
{
    private const int MaximumCapacity = 1_000_000;

    /// <summary>Tasks that may wait, all priorities together. 1 to 1,000,000; default 1,000.</summary>
    public int Capacity { get; set; } = 1000;

    /// <summary>Of these, tasks that may wait with high priority. 1 to <see cref="Capacity"/>; null, the default, for all places.</summary>
    public int? HighCapacity { get; set; }

    /// <summary>Of these, tasks that may wait with normal priority. 1 to <see cref="Capacity"/>; null, the default, for all places.</summary>
    public int? NormalCapacity { get; set; }

    /// <summary>Of these, tasks that may wait with low priority. 1 to <see cref="Capacity"/>; null, the default, for all places.</summary>
    public int? LowCapacity { get; set; }

    /// <summary>Tasks that may wait for their time: delayed ones, and those between two attempts. 1 to 1,000,000; default 10,000.</summary>
    public int DelayedCapacity { get; set; } = 10_000;

    /// <summary>
    /// What enqueueing into a full queue does: <c>Wait</c> for a place, <c>Reject</c>, or <c>DropLowest</c>. Default <c>Wait</c>.
    /// </summary>
    public TaskQueueFullMode FullMode { get; set; } = TaskQueueFullMode.Wait;

    /// <summary>
    /// Turns that waiting tasks of high priority get for each <see cref="NormalWeight"/> and <see cref="LowWeight"/> turns of the
    /// others, while all of them wait. 1 to 1,000; default 16.
    /// </summary>
    public int HighWeight { get; set; } = 16;

    /// <summary>Turns of waiting tasks of normal priority. 1 to 1,000; default 4.</summary>
    public int NormalWeight { get; set; } = 4;

    /// <summary>Turns of waiting tasks of low priority. 1 to 1,000; default 1.</summary>
    public int LowWeight { get; set; } = 1;

    internal override void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Range(nameof(Capacity), Capacity, 1, MaximumCapacity);
        var places = Math.Clamp(Capacity, 1, MaximumCapacity);
        errors.Range(nameof(HighCapacity), HighCapacity ?? 1, 1, places);
        errors.Range(nameof(NormalCapacity), NormalCapacity ?? 1, 1, places);
        errors.Range(nameof(LowCapacity), LowCapacity ?? 1, 1, places);
        errors.Range(nameof(DelayedCapacity), DelayedCapacity, 1, MaximumCapacity);
        errors.Require(Enum.IsDefined(FullMode), nameof(FullMode), FullMode, "Wait, Reject or DropLowest");
        errors.Range(nameof(HighWeight), HighWeight, 1, 1000);
        errors.Range(nameof(NormalWeight), NormalWeight, 1, 1000);
        errors.Range(nameof(LowWeight), LowWeight, 1, 1000);
        base.Validate(errors);
    }
}
