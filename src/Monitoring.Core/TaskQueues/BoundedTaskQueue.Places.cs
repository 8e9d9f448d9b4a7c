namespace Monitoring.TaskQueues;

/// <summary>Whether there would be a place.</summary>
public sealed partial class BoundedTaskQueue
{
    /// <summary>
    /// Whether a task of that priority would be taken now, if need be in place of a lower one. Takes no lock: the counts are
    /// of one moment each, and others may be faster anyway.
    /// </summary>
    internal bool CanTake(TaskPriority priority)
    {
        var lane = _lanes.Of(priority);
        if (lane.Count >= lane.Capacity)
        {
            return false;
        }

        return _lanes.Depth < Capacity || (_fullMode == TaskQueueFullMode.DropLowest && AnyWaitsBelow(priority));
    }

    private bool AnyWaitsBelow(TaskPriority priority)
    {
        for (var lower = TaskPriority.Low; lower > priority; lower--)
        {
            if (_lanes.Of(lower).Count > 0)
            {
                return true;
            }
        }

        return false;
    }
}
