namespace Monitoring.TaskQueues;

/// <summary>Who gets a place, and who gets a task.</summary>
/// <remarks>
/// Invariants, all under one lock: a lane never exceeds its capacity nor all of them together theirs; somebody waits for a
/// place only while there is none for a task of that priority, and a worker waits for a task only while there is none or
/// the queue is paused, so nobody is overtaken by a newcomer. Places go to those who wait in the order in which they came;
/// a delayed task or a retry that falls due while its lane is full waits in the same line. The lock is held for a few
/// assignments; no user code runs under it: those who waited are told after it. Nothing is allocated while neither side
/// waits, apart from the lanes' rings; waiting reuses its objects.
/// </remarks>
public sealed partial class BoundedTaskQueue
{
    private const int RecycledLimit = 1024;

    /// <summary>The line of those whose delayed tasks wait for a place in the schedule; the others are those of the lanes.</summary>
    private const int DelayedLine = 3;

    private readonly TimeProvider _timeProvider;
    private readonly int _delayedCapacity;
    private readonly Lock _lock = new();
    private readonly TaskLanes _lanes;
    private readonly TaskSchedule _schedule;
    private readonly LinkedList<QueueWaiter> _waitingForTask = [];
    private readonly LinkedList<QueueWaiter>[] _waitingForPlace = [new(), new(), new(), new()];
    private readonly Stack<QueueWaiter> _recycled = [];

    // Who holds a key: from acceptance until settled. Empty unless tasks have keys.
    private readonly Dictionary<string, BackgroundTask> _keys = new(StringComparer.Ordinal);

    private bool _stopped;
    private bool _closed;
    private bool _paused;
    private long _waited;

    // Due tasks that wait for a place in their lane.
    private int _dueInLine;

    // Accepted = added to the lanes and not dropped + accepted into the schedule - what came into a lane a second time.
    private long _acceptedDelayed;
    private long _cameBack;

    private enum Admission
    {
        Accepted,
        Duplicate,
        Full,
        Stopped,
    }

    private int DelayedUnderLock => _schedule.Count + _dueInLine;

    /// <summary>Takes a waiter off its list.</summary>
    /// <returns>False when somebody else did, who then completes it.</returns>
    internal bool TryRemove(QueueWaiter waiter)
    {
        lock (_lock)
        {
            var list = waiter.Node.List;
            list?.Remove(waiter.Node);
            return list is not null;
        }
    }

    internal void Recycle(QueueWaiter waiter)
    {
        lock (_lock)
        {
            RecycleUnderLock(waiter);
        }
    }

    private Admission AdmitUnderLock(BackgroundTask task, bool mayDrop, ref Woken woken, out BackgroundTask? dropped)
    {
        dropped = null;
        var isReturning = task.Lifecycle == TaskLifecycle.Returning;
        if (_closed || (_stopped && !isReturning))
        {
            return Admission.Stopped;
        }

        if (!isReturning && IsDuplicateUnderLock(task))
        {
            return Admission.Duplicate;
        }

        if (!isReturning && task.Delay > TimeSpan.Zero)
        {
            if (DelayedUnderLock >= _delayedCapacity || _waitingForPlace[DelayedLine].Count > 0)
            {
                return Admission.Full;
            }

            AcceptDelayedUnderLock(task);
            return Admission.Accepted;
        }

        // Where somebody waits for a place of this lane, there is none: it would have been given away.
        if (!_lanes.HasRoom(task.Priority))
        {
            dropped = mayDrop && _fullMode == TaskQueueFullMode.DropLowest ? _lanes.TryDropBelow(task.Priority) : null;
            if (dropped is null)
            {
                return Admission.Full;
            }

            dropped.Lifecycle = TaskLifecycle.Finished;
            ReleaseKeyUnderLock(dropped);
        }

        AddUnderLock(task);
        PumpUnderLock(ref woken);
        return Admission.Accepted;
    }

    private void AddUnderLock(BackgroundTask task)
    {
        if (task.Lifecycle == TaskLifecycle.New)
        {
            HoldKeyUnderLock(task);
        }
        else
        {
            _cameBack++;
        }

        task.Lifecycle = TaskLifecycle.Accepted;
        _lanes.Add(task);
    }

    private void AcceptDelayedUnderLock(BackgroundTask task)
    {
        HoldKeyUnderLock(task);
        task.Lifecycle = TaskLifecycle.Accepted;
        _acceptedDelayed++;
        _schedule.Add(task, task.Delay);
    }

    // Gives free places to those who wait for one, and tasks to workers that wait for one, until nothing more fits.
    private void PumpUnderLock(ref Woken woken)
    {
        while (true)
        {
            FillPlacesUnderLock(ref woken);
            if (_paused || _waitingForTask.First is not { } first || _lanes.TryTake() is not { } task)
            {
                return;
            }

            _waitingForTask.Remove(first);
            first.Value.Give(task);
            woken.Add(first.Value);
        }
    }

    private void FillPlacesUnderLock(ref Woken woken)
    {
        while (FirstWithPlaceUnderLock() is { } waiter)
        {
            var task = waiter.Offered!;
            waiter.Node.List!.Remove(waiter.Node);
            if (!waiter.IsAwaited)
            {
                _dueInLine--;
                AddUnderLock(task);
                waiter.EndUnawaitedUnderLock();
                RecycleUnderLock(waiter);
                continue;
            }

            if (IsDuplicateUnderLock(task))
            {
                waiter.Answer(EnqueueOutcome.Duplicate);
            }
            else if (task.Delay > TimeSpan.Zero)
            {
                AcceptDelayedUnderLock(task);
            }
            else
            {
                AddUnderLock(task);
            }

            woken.Add(waiter);
        }
    }

    private QueueWaiter? FirstWithPlaceUnderLock()
    {
        QueueWaiter? earliest = null;
        for (var line = 0; line < _waitingForPlace.Length; line++)
        {
            if (_waitingForPlace[line].First is { } first
                && (earliest is null || first.Value.Number < earliest.Number)
                && (line == DelayedLine ? DelayedUnderLock < _delayedCapacity : _lanes.HasRoom((TaskPriority)line)))
            {
                earliest = first.Value;
            }
        }

        return earliest;
    }

    private QueueWaiter BeginWaitForTaskUnderLock(CancellationToken cancellationToken)
    {
        var waiter = RentUnderLock();
        _waitingForTask.AddLast(waiter.Node);
        waiter.BeginUnderLock(null, cancellationToken);
        return waiter;
    }

    private QueueWaiter BeginWaitForPlaceUnderLock(BackgroundTask task, CancellationToken cancellationToken)
    {
        var waiter = RentUnderLock();
        waiter.Number = _waited++;
        _waitingForPlace[task.Delay > TimeSpan.Zero ? DelayedLine : (int)task.Priority].AddLast(waiter.Node);
        waiter.BeginUnderLock(task, cancellationToken);
        return waiter;
    }

    private void RefuseWaitingUnderLock(ref Woken woken)
    {
        foreach (var line in _waitingForPlace)
        {
            for (var node = line.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.IsAwaited)
                {
                    line.Remove(node);
                    node.Value.Refuse(new TaskQueueStoppedException());
                    woken.Add(node.Value);
                }

                node = next;
            }
        }
    }

    private TaskQueueFullException ToExceptionUnderLock(BackgroundTask task)
    {
        if (task.Delay > TimeSpan.Zero)
        {
            return new TaskQueueFullException(DelayedUnderLock, _delayedCapacity);
        }

        var lane = _lanes.Of(task.Priority);
        return lane.Count >= lane.Capacity ? new TaskQueueFullException(lane.Count, lane.Capacity) : new TaskQueueFullException(_lanes.Depth, Capacity);
    }

    private bool IsDuplicateUnderLock(BackgroundTask task) => task.DeduplicationKey is { } key && _keys.ContainsKey(key);

    private void HoldKeyUnderLock(BackgroundTask task)
    {
        if (task.DeduplicationKey is { } key)
        {
            _keys.Add(key, task);
            task.KeyHolder = this;
        }
    }

    private void ReleaseKeyUnderLock(BackgroundTask task)
    {
        // Only its own: one that was settled before must not free the key of the task that came after it.
        if (task.DeduplicationKey is { } key && _keys.TryGetValue(key, out var holder) && ReferenceEquals(holder, task))
        {
            _keys.Remove(key);
        }
    }

    private QueueWaiter RentUnderLock() => _recycled.TryPop(out var recycled) ? recycled : new QueueWaiter(this);

    private void RecycleUnderLock(QueueWaiter waiter)
    {
        if (_recycled.Count < RecycledLimit)
        {
            _recycled.Push(waiter);
        }
    }

    /// <summary>Those who waited and have got what they waited for; told once the lock is released.</summary>
    private struct Woken
    {
        private QueueWaiter? _first;
        private QueueWaiter? _last;

        public void Add(QueueWaiter waiter)
        {
            if (_last is null)
            {
                _first = waiter;
            }
            else
            {
                _last.NextCompleted = waiter;
            }

            _last = waiter;
        }

        public readonly void Complete()
        {
            for (var waiter = _first; waiter is not null;)
            {
                // Read first: once completed it may serve another wait.
                var next = waiter.NextCompleted;
                waiter.NextCompleted = null;
                waiter.Complete();
                waiter = next;
            }
        }
    }
}
