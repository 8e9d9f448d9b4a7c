using System.Numerics;

namespace Monitoring.TaskQueues;

/// <summary>The waiting tasks of one priority, first in first out, in a ring. Not thread-safe: the queue's lock guards it.</summary>
internal sealed class TaskLane(int capacity)
{
    private BackgroundTask?[]? _slots;
    private long _head;
    private long _tail;

    /// <summary>Tasks that may wait here.</summary>
    public int Capacity { get; } = capacity;

    public int Count => (int)(_tail - _head);

    /// <summary>Tasks ever added and not taken back.</summary>
    public long Added => _tail;

    public void Add(BackgroundTask task)
    {
        var slots = _slots ??= new BackgroundTask?[BitOperations.RoundUpToPowerOf2((uint)Capacity)];
        slots[_tail++ & (slots.Length - 1)] = task;
    }

    /// <summary>The task that waits longest, or null.</summary>
    public BackgroundTask? Peek() => Count == 0 ? null : _slots![_head & (_slots.Length - 1)];

    /// <summary>Takes the task that waits longest; there must be one.</summary>
    public BackgroundTask Take()
    {
        ref var slot = ref _slots![_head++ & (_slots.Length - 1)];
        var task = slot!;
        slot = null;
        return task;
    }

    /// <summary>Takes back the task that was added last, or null.</summary>
    public BackgroundTask? TakeNewest()
    {
        if (Count == 0)
        {
            return null;
        }

        ref var slot = ref _slots![--_tail & (_slots.Length - 1)];
        var task = slot;
        slot = null;
        return task;
    }
}
