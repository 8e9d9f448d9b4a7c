using System.Numerics;

namespace Monitoring.TaskQueues.Lanes;

/// <summary>The waiting tasks of one priority, first in first out, in a ring. Any thread adds; whoever holds the queue's lock takes.</summary>
/// <remarks>
/// <para>An adder takes a ticket, which is its place in the order, by one atomic addition, and then writes its task into the
/// ticket's slot. In between the slot is empty: for those who take, the task is not there yet, nor are those behind it.
/// Whoever adds looks for sleeping workers only after it has written, so nobody sleeps on for a task that came late.</para>
/// <para>A slot is free when its ticket is given out: places are reserved before (<see cref="TaskLanes"/>), so there are at
/// most as many tickets under way as places, at most as many of them as slots, and a place is given back after its slot was
/// emptied.</para>
/// </remarks>
internal sealed class TaskLane(int capacity, int sharedCapacity)
{
    // Lanes that have all places need not count their own.
    private readonly bool _isLimited = capacity < sharedCapacity;

    private Slot[]? _slots;

    // Tickets given out; anybody, atomically.
    private PaddedLong _tail;

    // Places reserved, of a limited lane; anybody, atomically.
    private PaddedLong _reserved;

    // Tasks taken; written under the lock.
    private PaddedLong _head;

    /// <summary>Tasks that may wait here.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>Tickets given out for tasks that were not taken; exact under the lock while nobody adds.</summary>
    public int Count => (int)(Volatile.Read(ref _tail.Value) - Volatile.Read(ref _head.Value));

    /// <summary>Tasks ever added and not taken back.</summary>
    public long Added => Volatile.Read(ref _tail.Value);

    /// <summary>Reserves one of the lane's own places. Wait-free.</summary>
    public bool TryReserve()
    {
        if (!_isLimited || Interlocked.Increment(ref _reserved.Value) - Volatile.Read(ref _head.Value) <= Capacity)
        {
            return true;
        }

        Interlocked.Decrement(ref _reserved.Value);
        return false;
    }

    /// <summary>Gives back what <see cref="TryReserve"/> reserved, if no task was added for it.</summary>
    public void Unreserve()
    {
        if (_isLimited)
        {
            Interlocked.Decrement(ref _reserved.Value);
        }
    }

    /// <summary>Adds a task for which there is a place. Wait-free. From the write on it belongs to whoever takes it.</summary>
    public void Add(BackgroundTask task)
    {
        var slots = Volatile.Read(ref _slots) ?? CreateSlots();
        var ticket = Interlocked.Increment(ref _tail.Value) - 1;
        Volatile.Write(ref slots[ticket & (slots.Length - 1)].Task, task);
    }

    /// <summary>The task that waits longest, or null; under the lock.</summary>
    public BackgroundTask? Peek()
    {
        var slots = Volatile.Read(ref _slots);
        return slots is null ? null : Volatile.Read(ref slots[_head.Value & (slots.Length - 1)].Task);
    }

    /// <summary>Takes the task that <see cref="Peek"/> has shown; under the lock.</summary>
    public void Advance()
    {
        var slots = _slots!;
        slots[_head.Value & (slots.Length - 1)].Task = null;
        Volatile.Write(ref _head.Value, _head.Value + 1);
    }

    /// <summary>Takes back the task that was added last, and its place in the lane, or null; under the lock.</summary>
    public BackgroundTask? TakeNewest()
    {
        var patience = default(SpinWait);
        while (Volatile.Read(ref _tail.Value) is var tail && tail > _head.Value)
        {
            ref var slot = ref _slots![(tail - 1) & (_slots.Length - 1)].Task;
            if (Volatile.Read(ref slot) is not { } newest)
            {
                // Its adder is between two instructions.
                patience.SpinOnce(sleep1Threshold: -1);
                continue;
            }

            // The ticket goes back only if it is still the last one. It may be given out again at once, so the slot is
            // emptied only if it still holds this task.
            if (Interlocked.CompareExchange(ref _tail.Value, tail - 1, tail) == tail)
            {
                Interlocked.CompareExchange(ref slot, null, newest);
                Unreserve();
                return newest;
            }
        }

        return null;
    }

    private Slot[] CreateSlots()
    {
        var slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)Capacity)];
        return Interlocked.CompareExchange(ref _slots, slots, null) ?? slots;
    }

    // Not an array of references, which would check the type at every write.
    private struct Slot
    {
        public BackgroundTask? Task;
    }
}
