using Monitoring.TaskQueues.Lanes;

namespace Monitoring.TaskQueues.Processing;

/// <summary>
/// How many tasks of a type run at the same time. A task whose type has no free place is parked here, so that the worker
/// that took it is free for the others; when a task of the type ends, the next parked one is ready, for any worker. Thread-safe.
/// </summary>
/// <remarks>
/// Invariant, under the lock: where a task is parked, its type has no free place, or the queue was paused when one fell free
/// and the timer is armed that looks again. So parked tasks always go on: by the end of one that runs, or by the timer.
/// A ready task has its place already. The places of a type that gets a limit while tasks of it run are not counted back.
/// </remarks>
internal sealed class TypeLimits : IDisposable
{
    /// <summary>Tasks of one type that are parked at most. Further ones stay with their queue.</summary>
    private const int ParkedLimit = 1000;

    /// <summary>The same where other processes could take them.</summary>
    private const int SharedParkedLimit = 100;

    /// <summary>How soon after the end of a pause parked tasks go on at the latest.</summary>
    private static readonly TimeSpan PausePoll = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gate> _gates = new(StringComparer.Ordinal);
    private readonly Queue<BackgroundTask> _ready = [];
    private readonly TimeProvider _timeProvider;
    private readonly TaskQueueOptions _lanes;
    private readonly Func<bool> _isPaused;
    private readonly Action _onReady;
    private readonly ITimer _timer;
    private bool _closed;

    // Written under the lock; read without it by every worker before every task.
    private bool _isActive;
    private int _readyCount;

    /// <param name="timeProvider">Time.</param>
    /// <param name="lanes">How many tasks of one type are parked at most, and their turns by priority.</param>
    /// <param name="isPaused">Whether the queue is paused: parked tasks do not start then; must not throw.</param>
    /// <param name="onReady">Told, without a lock, that tasks became ready although none of their type ended just now.</param>
    public TypeLimits(TimeProvider timeProvider, TaskQueueOptions lanes, Func<bool> isPaused, Action onReady)
    {
        _timeProvider = timeProvider;
        _lanes = lanes;
        _isPaused = isPaused;
        _onReady = onReady;
        _timer = timeProvider.CreateTimer(static state => ((TypeLimits)state!).Resume(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether any type has, or had, a limit. One read.</summary>
    public bool IsActive => Volatile.Read(ref _isActive);

    /// <summary>Parked tasks have the same turns by priority as in their queue.</summary>
    public static TaskQueueOptions GetLanes(TaskProcessorOptions options, bool livesWithProcess)
    {
        var queue = options as TaskQueueOptions ?? new TaskQueueOptions();
        return new TaskQueueOptions
        {
            Capacity = livesWithProcess ? ParkedLimit : SharedParkedLimit,
            HighWeight = queue.HighWeight,
            NormalWeight = queue.NormalWeight,
            LowWeight = queue.LowWeight,
        };
    }

    /// <summary>Takes over changed limits. A type that has none any more lets everything through.</summary>
    public void Reload(ProcessorSettings settings)
    {
        var isPaused = _isPaused();
        lock (_lock)
        {
            foreach (var gate in _gates.Values)
            {
                gate.Limit = int.MaxValue;
            }

            foreach (var (type, limit) in settings.Limits)
            {
                GetGateUnderLock(type).Limit = limit;
            }

            Volatile.Write(ref _isActive, _gates.Count > 0);
            PumpAllUnderLock(isPaused);
        }

        _onReady();
    }

    /// <summary>Asks for a place for a task that came from the queue.</summary>
    /// <param name="task">The task.</param>
    /// <param name="holdsPlace">Whether it has one of a limited number now, to be given back by <see cref="Leave"/>.</param>
    public TypeAdmission Enter(BackgroundTask task, out bool holdsPlace)
    {
        holdsPlace = false;
        var isPaused = _isPaused();
        lock (_lock)
        {
            if (_closed)
            {
                return TypeAdmission.Closed;
            }

            if (!_gates.TryGetValue(task.TypeName, out var gate))
            {
                return TypeAdmission.Run;
            }

            if (gate.Parked.Depth == 0 && gate.Running < gate.Limit)
            {
                gate.Running++;
                holdsPlace = true;
                return TypeAdmission.Run;
            }

            if (!gate.Parked.TryReserve(task.Priority))
            {
                return TypeAdmission.Full;
            }

            gate.Parked.Add(task);
            PumpUnderLock(gate, isPaused);
            return TypeAdmission.Parked;
        }
    }

    /// <summary>Whether a task is ready: a worker that takes no further one has to wake the others. One read.</summary>
    public bool HasReady => Volatile.Read(ref _readyCount) > 0;

    /// <summary>Gives a place back, and makes the next parked task of the type ready.</summary>
    public void Leave(string typeName)
    {
        var isPaused = _isPaused();
        lock (_lock)
        {
            var gate = _gates[typeName];
            gate.Running--;
            PumpUnderLock(gate, isPaused);
        }
    }

    /// <summary>Takes a task that holds a place. Costs one read while there is none.</summary>
    public BackgroundTask? TakeReady()
    {
        if (Volatile.Read(ref _readyCount) == 0)
        {
            return null;
        }

        lock (_lock)
        {
            if (!_ready.TryDequeue(out var task))
            {
                return null;
            }

            Volatile.Write(ref _readyCount, _ready.Count);
            return task;
        }
    }

    /// <summary>Tasks that wait here, by priority.</summary>
    public TaskQueueDepth GetDepth()
    {
        if (!IsActive)
        {
            return default;
        }

        var depth = default(TaskQueueDepth);
        lock (_lock)
        {
            foreach (var gate in _gates.Values)
            {
                depth = TaskQueueDepth.Add(depth, DepthOf(gate.Parked));
            }

            foreach (var task in _ready)
            {
                depth = TaskQueueDepth.Add(depth, DepthOf(task, 1));
            }
        }

        return depth;
    }

    /// <summary>Parks nothing more and hands out everything that waits.</summary>
    public IReadOnlyList<BackgroundTask> Close()
    {
        lock (_lock)
        {
            _closed = true;
            List<BackgroundTask> rest = [.. _ready];
            _ready.Clear();
            Volatile.Write(ref _readyCount, 0);
            foreach (var gate in _gates.Values)
            {
                while (gate.Parked.TryTake() is { } task)
                {
                    rest.Add(task);
                }
            }

            return rest;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Resume()
    {
        var isPaused = _isPaused();
        lock (_lock)
        {
            PumpAllUnderLock(isPaused);
        }

        _onReady();
    }

    private void PumpAllUnderLock(bool isPaused)
    {
        foreach (var gate in _gates.Values)
        {
            PumpUnderLock(gate, isPaused);
        }
    }

    private void PumpUnderLock(Gate gate, bool isPaused)
    {
        while (gate.Parked.Depth > 0 && gate.Running < gate.Limit)
        {
            if (isPaused)
            {
                _timer.Change(PausePoll, Timeout.InfiniteTimeSpan);
                return;
            }

            gate.Running++;
            _ready.Enqueue(gate.Parked.TryTake()!);
            Volatile.Write(ref _readyCount, _ready.Count);
        }
    }

    private Gate GetGateUnderLock(string type)
    {
        if (!_gates.TryGetValue(type, out var gate))
        {
            _gates.Add(type, gate = new Gate(_lanes));
        }

        return gate;
    }

    private TaskQueueDepth DepthOf(TaskLanes lanes)
    {
        var depth = default(TaskQueueDepth);
        for (var priority = TaskPriority.High; priority <= TaskPriority.Low; priority++)
        {
            if (lanes.Of(priority).Peek() is { } oldest)
            {
                depth = TaskQueueDepth.Add(depth, DepthOf(oldest, lanes.Of(priority).Count));
            }
        }

        return depth;
    }

    private TaskQueueDepth DepthOf(BackgroundTask oldest, int count)
    {
        TimeSpan? age = oldest.EnqueuedTimestamp == 0 ? null : _timeProvider.GetElapsedTime(oldest.EnqueuedTimestamp);
        return oldest.Priority switch
        {
            TaskPriority.High => new TaskQueueDepth(count, 0, 0) { OldestAge = age, HighOldestAge = age },
            TaskPriority.Normal => new TaskQueueDepth(0, count, 0) { OldestAge = age, NormalOldestAge = age },
            _ => new TaskQueueDepth(0, 0, count) { OldestAge = age, LowOldestAge = age },
        };
    }

    private sealed class Gate(TaskQueueOptions lanes)
    {
        public int Limit { get; set; } = int.MaxValue;

        public int Running { get; set; }

        public TaskLanes Parked { get; } = new(lanes);
    }
}
