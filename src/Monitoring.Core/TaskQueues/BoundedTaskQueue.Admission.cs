using Monitoring.TaskQueues.Lanes;

namespace Monitoring.TaskQueues;

/// <summary>Who gets a place, and who gets a task.</summary>
/// <remarks>
/// <para>A task without key or delay that finds a place is added without the lock: reserve a place, look at the gate, write
/// into the lane, look for sleeping workers. The gate is open while the queue is not stopped and nobody stands in line.
/// Everything else is under one lock, which is held for a few assignments; no user code runs under it: those who waited are
/// told after it. Nothing is allocated while neither side waits, apart from the lanes' rings; waiting reuses its objects.</para>
/// <para>Nobody waits for a place that is there. Whoever finds none stands in line under the lock, and closes the gate; a
/// place that a worker gives back is given away under the same lock; whoever gives back one that it reserved and cannot use
/// (it was one too many, or the gate has closed) goes on under the lock and looks who stands in line. So only those who were
/// past the gate before it closed can overtake, once each. Places go to those who wait in the order in
/// which they came; a delayed task or a retry that falls due while its lane is full waits in the same line.</para>
/// <para>No worker sleeps while a task can be taken, unless the queue is paused. A worker announces itself
/// (<c>_sleeping</c>), then looks again; an adder writes its task, then looks for the announcement; between the two steps of
/// either lies a full fence, so at least one of them sees the other.</para>
/// <para>A stopped queue accepts nothing. An adder reserves, a fence, looks at the gate; stopping closes the gate, a fence,
/// and waits until nobody holds a reservation without having added: so afterwards the count of accepted tasks stands.</para>
/// </remarks>
public sealed partial class BoundedTaskQueue
{
    private readonly TimeProvider _timeProvider;
    private readonly int _delayedCapacity;
    private readonly Lock _lock = new();
    private readonly TaskLanes _lanes;
    private readonly TaskSchedule _schedule;

    // Who holds a key: from acceptance until settled. Empty unless tasks have keys.
    private readonly Dictionary<string, BackgroundTask> _keys = new(StringComparer.Ordinal);

    // 0 is open. Written under the lock with a fence; read by everybody who adds.
    private int _gate;

    private bool _stopped;
    private bool _closed;
    private bool _paused;
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

    private bool TryAdmitWithoutLock(BackgroundTask task)
    {
        if (Volatile.Read(ref _gate) != 0 || !task.IsPlainAndNew || !_lanes.TryReserve(task.Priority))
        {
            return false;
        }

        if (Volatile.Read(ref _gate) != 0)
        {
            _lanes.Unreserve(task.Priority);
            return false;
        }

        task.Lifecycle = TaskLifecycle.Accepted;
        _lanes.Add(task);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleeping) != 0)
        {
            Pump();
        }

        return true;
    }

    private void Pump()
    {
        var woken = default(Woken);
        lock (_lock)
        {
            PumpUnderLock(ref woken);
        }

        woken.Complete();
    }

    private Admission AdmitUnderLock(BackgroundTask task, bool mayDrop, ref Woken woken, out BackgroundTask? dropped)
    {
        dropped = null;

        // First those who stand in line: somebody may have come here because of a place that it gave back.
        PumpUnderLock(ref woken);
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

        if (_waitingForPlace[(int)task.Priority].Count > 0 || !_lanes.TryReserve(task.Priority))
        {
            dropped = mayDrop && _fullMode == TaskQueueFullMode.DropLowest ? _lanes.TryReplaceBelow(task.Priority) : null;
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

    private BackgroundTask? TryTakeUnderLock() => _paused ? null : _lanes.TryTake();

    // Gives free places to those who wait for one, and tasks to workers that wait for one, until nothing more fits.
    private void PumpUnderLock(ref Woken woken)
    {
        while (true)
        {
            if (_inLine > 0)
            {
                FillPlacesUnderLock(ref woken);
            }

            if (_waitingForTask.First is not { } first || TryTakeUnderLock() is not { } task)
            {
                return;
            }

            RemoveUnderLock(first.Value);
            first.Value.Give(task);
            woken.Add(first.Value);
        }
    }

    private void FillPlacesUnderLock(ref Woken woken)
    {
        while (FirstWithPlaceUnderLock() is { } waiter)
        {
            // The place is reserved, but for those who wait for one in the schedule.
            var task = waiter.Offered!;
            RemoveUnderLock(waiter);
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
                if (task.Delay == TimeSpan.Zero)
                {
                    _lanes.Unreserve(task.Priority);
                }
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

    // Who came first of those for whom there is a place, which is reserved then.
    private QueueWaiter? FirstWithPlaceUnderLock()
    {
        for (var tried = 0; ;)
        {
            QueueWaiter? earliest = null;
            for (var line = 0; line < _waitingForPlace.Length; line++)
            {
                if ((tried & (1 << line)) == 0
                    && _waitingForPlace[line].First is { } first
                    && (earliest is null || first.Value.Number < earliest.Number))
                {
                    earliest = first.Value;
                }
            }

            if (earliest is null
                || (earliest.Line == DelayedLine ? DelayedUnderLock < _delayedCapacity : _lanes.TryReserve((TaskPriority)earliest.Line)))
            {
                return earliest;
            }

            tried |= 1 << earliest.Line;
        }
    }

    private void StopUnderLock(ref Woken woken)
    {
        _stopped = true;
        SetGateUnderLock();
        var patience = default(SpinWait);
        while (_lanes.IsAdding)
        {
            patience.SpinOnce(sleep1Threshold: -1);
        }

        RefuseWaitingUnderLock(ref woken);
    }

    private void SetGateUnderLock()
    {
        var gate = _stopped || _inLine > 0 ? 1 : 0;
        if (_gate != gate)
        {
            Interlocked.Exchange(ref _gate, gate);
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
}
