namespace Monitoring.TaskQueues.Lanes;

/// <summary>The three lanes of a queue, the places they share, and the choice between them.</summary>
/// <remarks>
/// <para>Places: whoever adds reserves one first, by one atomic addition, and gives it back if it was one too many. A place
/// is given back under the lock, when its task was taken. Counting in this order never lets more tasks wait than there are
/// places: of those who found their count within the capacity, the last to count had counted all the others. It may make
/// the queue look full to somebody while another one gives back; who finds it full asks again under the lock.</para>
/// <para>Choice: weighted round robin, the most urgent first within a round. In a round each lane has as many turns as its
/// weight says; when no lane that holds tasks has a turn left, a new round begins. So while all lanes hold tasks the head of
/// a lane waits for at most one round of the others, and for two at most where its turns were used up before they came.</para>
/// </remarks>
internal sealed class TaskLanes
{
    private const int Count = 3;

    private readonly int _capacity;
    private readonly TaskLane[] _lanes;
    private readonly int[] _weights;
    private readonly int[] _turns;

    // Places ever reserved and not given back unused; anybody, atomically.
    private PaddedLong _reserved;

    // What an adder last saw of the next: the workers' line is fetched only when this says full. Too old is safe.
    private long _releasedSeen;

    // Places ever given back by taking a task; written under the lock.
    private PaddedLong _released;

    public TaskLanes(TaskQueueOptions options)
    {
        _capacity = options.Capacity;
        _lanes = [NewLane(options.HighCapacity), NewLane(options.NormalCapacity), NewLane(options.LowCapacity)];
        _weights = [options.HighWeight, options.NormalWeight, options.LowWeight];
        _turns = [.. _weights];

        TaskLane NewLane(int? capacity) => new(Math.Min(capacity ?? _capacity, _capacity), _capacity);
    }

    /// <summary>Tasks that wait, or are about to; at most the capacity.</summary>
    public int Depth => _lanes[0].Count + _lanes[1].Count + _lanes[2].Count;

    /// <summary>Whether somebody has reserved a place and not added its task yet; under the lock.</summary>
    public bool IsAdding => Volatile.Read(ref _reserved.Value) - _released.Value != Depth;

    /// <summary>Tasks ever added and not dropped.</summary>
    public long Added => _lanes[0].Added + _lanes[1].Added + _lanes[2].Added;

    public TaskLane Of(TaskPriority priority) => _lanes[(int)priority];

    /// <summary>Reserves a place for a task of this priority. Wait-free.</summary>
    /// <returns>False when there is none, or somebody is just giving one back.</returns>
    public bool TryReserve(TaskPriority priority)
    {
        var reserved = Interlocked.Increment(ref _reserved.Value);
        if (reserved - Volatile.Read(ref _releasedSeen) > _capacity)
        {
            var released = Volatile.Read(ref _released.Value);
            Volatile.Write(ref _releasedSeen, released);
            if (reserved - released > _capacity)
            {
                Interlocked.Decrement(ref _reserved.Value);
                return false;
            }
        }

        if (Of(priority).TryReserve())
        {
            return true;
        }

        Interlocked.Decrement(ref _reserved.Value);
        return false;
    }

    /// <summary>Gives back a place that is not needed. Somebody may wait for it, and must be looked for.</summary>
    public void Unreserve(TaskPriority priority)
    {
        Of(priority).Unreserve();
        Interlocked.Decrement(ref _reserved.Value);
    }

    /// <summary>Adds a task for which a place was reserved. Wait-free.</summary>
    public void Add(BackgroundTask task) => Of(task.Priority).Add(task);

    /// <summary>Takes the next task and gives back its place, or null when there is none yet; under the lock.</summary>
    public BackgroundTask? TryTake()
    {
        while (true)
        {
            var isAny = false;
            for (var i = 0; i < Count; i++)
            {
                var lane = _lanes[i];
                if (lane.Peek() is not { } task)
                {
                    continue;
                }

                if (_turns[i] > 0)
                {
                    _turns[i]--;
                    lane.Advance();
                    Volatile.Write(ref _released.Value, _released.Value + 1);
                    return task;
                }

                isAny = true;
            }

            if (!isAny)
            {
                return null;
            }

            _weights.CopyTo(_turns, 0);
        }
    }

    /// <summary>
    /// Takes back the newest task of the lowest lane below <paramref name="priority"/> and reserves its place for one of that
    /// priority; null when that is not possible. Under the lock.
    /// </summary>
    public BackgroundTask? TryReplaceBelow(TaskPriority priority)
    {
        if (!Of(priority).TryReserve())
        {
            return null;
        }

        for (var lane = TaskPriority.Low; lane > priority; lane--)
        {
            if (Of(lane).TakeNewest() is { } dropped)
            {
                return dropped;
            }
        }

        Of(priority).Unreserve();
        return null;
    }
}
