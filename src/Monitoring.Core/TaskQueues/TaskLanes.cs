namespace Monitoring.TaskQueues;

/// <summary>
/// The three lanes of a queue and the choice between them. Not thread-safe: the queue's lock guards it.
/// The highest lane that holds a task goes first, but a lower one that was passed over <paramref name="weight"/> times in
/// a row gets a turn. So with every lane full, Normal and Low each get one turn in <c>weight + 2</c> or a little more, and
/// the longest wait at the head of a lane is <c>weight + 1</c> turns.
/// </summary>
internal sealed class TaskLanes(int weight)
{
    private const int Count = 3;

    private readonly Queue<BackgroundTask>[] _lanes = [new(), new(), new()];
    private readonly int[] _passedOver = new int[Count];

    public int Depth { get; private set; }

    public int DepthOf(TaskPriority priority) => _lanes[(int)priority].Count;

    public void Add(BackgroundTask task)
    {
        _lanes[(int)task.Priority].Enqueue(task);
        Depth++;
    }

    /// <summary>Takes the next task; there must be one.</summary>
    public BackgroundTask Take()
    {
        var chosen = Choose();
        _passedOver[chosen] = 0;
        for (var lane = chosen + 1; lane < Count; lane++)
        {
            if (_lanes[lane].Count > 0)
            {
                _passedOver[lane]++;
            }
        }

        Depth--;
        return _lanes[chosen].Dequeue();
    }

    /// <summary>The smallest timestamp at the heads of the lanes: the oldest task that could be taken now; 0 when unknown.</summary>
    public long OldestTimestamp()
    {
        var oldest = long.MaxValue;
        foreach (var lane in _lanes)
        {
            if (lane.TryPeek(out var head) && head.EnqueuedTimestamp != 0)
            {
                oldest = Math.Min(oldest, head.EnqueuedTimestamp);
            }
        }

        return oldest == long.MaxValue ? 0 : oldest;
    }

    private int Choose()
    {
        var highest = -1;
        for (var lane = 0; lane < Count; lane++)
        {
            if (_lanes[lane].Count == 0)
            {
                continue;
            }

            if (highest < 0)
            {
                highest = lane;
            }
            else if (_passedOver[lane] >= weight)
            {
                return lane;
            }
        }

        return highest;
    }
}
