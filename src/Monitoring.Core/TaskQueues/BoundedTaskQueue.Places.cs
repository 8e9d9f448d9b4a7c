namespace Monitoring.TaskQueues;

/// <summary>Whether there would be a place.</summary>
public sealed partial class BoundedTaskQueue
{
    /// <summary>Whether a task of that priority would be taken now, if need be in place of a lower one. Others may be faster.</summary>
    internal bool CanTake(TaskPriority priority)
    {
        lock (_lock)
        {
            return !_stopped && (_lanes.HasRoom(priority) || (_fullMode == TaskQueueFullMode.DropLowest && CanDropBelowUnderLock(priority)));
        }
    }

    private bool CanDropBelowUnderLock(TaskPriority priority)
    {
        if (_lanes.Of(priority).Count >= _lanes.Of(priority).Capacity)
        {
            return false;
        }

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
