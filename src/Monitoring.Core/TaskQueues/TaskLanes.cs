namespace Monitoring.TaskQueues;

/// <summary>
/// The three lanes of a queue and the choice between them: weighted round robin, the most urgent first within a round. In
/// a round each lane has as many turns as its weight says; when no lane that holds tasks has a turn left, a new round
/// begins. So while all lanes hold tasks the head of a lane waits for at most one round of the others, and for two at
/// most where its turns were used up before they came. Not thread-safe: the queue's lock guards it.
/// </summary>
internal sealed class TaskLanes
{
    private const int Count = 3;

    private readonly int _capacity;
    private readonly TaskLane[] _lanes;
    private readonly int[] _weights;
    private readonly int[] _turns;

    public TaskLanes(TaskQueueOptions options)
    {
        _capacity = options.Capacity;
        _lanes = [NewLane(options.HighCapacity), NewLane(options.NormalCapacity), NewLane(options.LowCapacity)];
        _weights = [options.HighWeight, options.NormalWeight, options.LowWeight];
        _turns = [.. _weights];

        TaskLane NewLane(int? capacity) => new(Math.Min(capacity ?? _capacity, _capacity));
    }

    public int Depth { get; private set; }

    /// <summary>Tasks ever added and not dropped.</summary>
    public long Added => _lanes[0].Added + _lanes[1].Added + _lanes[2].Added;

    public TaskLane Of(TaskPriority priority) => _lanes[(int)priority];

    public bool HasRoom(TaskPriority priority) => Depth < _capacity && HasRoomInLane(priority);

    public void Add(BackgroundTask task)
    {
        Of(task.Priority).Add(task);
        Depth++;
    }

    /// <summary>Takes the next task, or null.</summary>
    public BackgroundTask? TryTake()
    {
        if (Depth == 0)
        {
            return null;
        }

        Depth--;
        return _lanes[Choose()].Take();
    }

    /// <summary>
    /// Takes back the newest task of the lowest lane below <paramref name="priority"/>, so that one of that priority has room;
    /// null when that is not possible.
    /// </summary>
    public BackgroundTask? TryDropBelow(TaskPriority priority)
    {
        if (!HasRoomInLane(priority))
        {
            return null;
        }

        for (var lane = TaskPriority.Low; lane > priority; lane--)
        {
            if (Of(lane).TakeNewest() is { } dropped)
            {
                Depth--;
                return dropped;
            }
        }

        return null;
    }

    private bool HasRoomInLane(TaskPriority priority) => Of(priority).Count < Of(priority).Capacity;

    private int Choose()
    {
        while (true)
        {
            for (var lane = 0; lane < Count; lane++)
            {
                if (_turns[lane] > 0 && _lanes[lane].Count > 0)
                {
                    _turns[lane]--;
                    return lane;
                }
            }

            _weights.CopyTo(_turns, 0);
        }
    }
}
