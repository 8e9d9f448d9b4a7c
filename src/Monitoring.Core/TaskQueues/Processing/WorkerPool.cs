using Monitoring.TaskQueues.Recording;

namespace Monitoring.TaskQueues.Processing;

/// <summary>
/// What the monitor sees of a processor: its workers as they come and go, and the tasks that are with the processor and not
/// in the queue. Thread-safe; each figure is written by the one whose it is, and read one after the other.
/// </summary>
internal sealed class WorkerPool(LiveSettings settings, Func<TaskQueueDepth> getDepth, IManagedTaskQueue? managed = null)
{
    private WorkerActivity[] _activities = [];
    private int _stuck;
    private int _replaced;

    /// <summary>One for each worker; replaced as a whole by the crew. Those that hang in a stuck task and were replaced are not here.</summary>
    public WorkerActivity[] Activities
    {
        get => Volatile.Read(ref _activities);
        set => Volatile.Write(ref _activities, value);
    }

    /// <summary>How long an attempt may take, unless its task or type says otherwise.</summary>
    public TimeSpan TaskTimeout => settings.Current.TaskTimeout;

    /// <summary>Tasks that go on although they were cancelled long ago.</summary>
    public int Stuck
    {
        get => Volatile.Read(ref _stuck);
        set => Volatile.Write(ref _stuck, value);
    }

    /// <summary>Workers that have been replaced and still run a task.</summary>
    public int Replaced
    {
        get => Volatile.Read(ref _replaced);
        set => Volatile.Write(ref _replaced, value);
    }

    /// <summary>What the processor can do to a queue that cannot be managed itself.</summary>
    public IManagedTaskQueue? Managed => managed;

    /// <summary>Tasks that are with the processor: those that wait for a place of their type, and what it keeps for a queue that cannot.</summary>
    public TaskQueueDepth GetDepth() => getDepth();
}
