using Monitoring.TaskQueues.Lanes;

namespace Monitoring.TaskQueues;

/// <summary>Those who wait: workers for a task, callers and due tasks for a place.</summary>
public sealed partial class BoundedTaskQueue
{
    private const int RecycledLimit = 1024;

    /// <summary>The line of those whose delayed tasks wait for a place in the schedule; the others are those of the lanes.</summary>
    private const int DelayedLine = 3;

    private readonly LinkedList<QueueWaiter> _waitingForTask = [];
    private readonly LinkedList<QueueWaiter>[] _waitingForPlace = [new(), new(), new(), new()];
    private readonly Stack<QueueWaiter> _recycled = [];
    private long _waited;

    // Workers that wait for a task. Written under the lock with a fence; read by everybody who has added.
    private int _sleeping;

    // Those who stand in a line for a place, with due tasks.
    private int _inLine;

    // Due tasks among them.
    private int _dueInLine;

    /// <summary>Takes a waiter off its list.</summary>
    /// <returns>False when somebody else did, who then completes it.</returns>
    internal bool TryRemove(QueueWaiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Node.List is null)
            {
                return false;
            }

            RemoveUnderLock(waiter);
            return true;
        }
    }

    internal void Recycle(QueueWaiter waiter)
    {
        lock (_lock)
        {
            RecycleUnderLock(waiter);
        }
    }

    // Announced already, and no task was found after that.
    private QueueWaiter BeginWaitForTaskUnderLock(CancellationToken cancellationToken)
    {
        var waiter = RentUnderLock();
        _waitingForTask.AddLast(waiter.Node);
        waiter.BeginUnderLock(null, cancellationToken);
        return waiter;
    }

    private QueueWaiter BeginWaitForPlaceUnderLock(BackgroundTask task, CancellationToken cancellationToken)
    {
        var waiter = StandInLineUnderLock(task.Delay > TimeSpan.Zero ? DelayedLine : (int)task.Priority);
        waiter.BeginUnderLock(task, cancellationToken);
        return waiter;
    }

    private QueueWaiter StandInLineUnderLock(int line)
    {
        var waiter = RentUnderLock();
        waiter.Number = _waited++;
        waiter.Line = line;
        _waitingForPlace[line].AddLast(waiter.Node);
        _inLine++;
        SetGateUnderLock();
        return waiter;
    }

    private void RemoveUnderLock(QueueWaiter waiter)
    {
        var list = waiter.Node.List!;
        list.Remove(waiter.Node);
        if (list == _waitingForTask)
        {
            Interlocked.Decrement(ref _sleeping);
        }
        else
        {
            _inLine--;
            SetGateUnderLock();
        }
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
                    RemoveUnderLock(node.Value);
                    node.Value.Refuse(new TaskQueueStoppedException());
                    woken.Add(node.Value);
                }

                node = next;
            }
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
