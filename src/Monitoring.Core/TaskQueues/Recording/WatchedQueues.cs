using Monitoring.TaskQueues.Processing;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues.Recording;

/// <summary>A queue that the monitor asks for its depth.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Capacity">Tasks that may wait; 0 when unknown.</param>
/// <param name="Workers">Workers of a loop that is not ours; 0 when <see cref="TaskProcessor"/> runs it.</param>
/// <param name="System">What keeps the queue.</param>
internal sealed record WatchedQueue(IBackgroundTaskQueue Queue, int Capacity, int Workers, string System);

/// <summary>The queues of one name together, at one moment.</summary>
internal readonly record struct QueueState
{
    public TaskQueueDepth Depth { get; init; }

    public int Capacity { get; init; }

    /// <summary>Workers there are, as far as they are known: see <see cref="WorkersKnown"/>.</summary>
    public int Workers { get; init; }

    /// <summary>Those of the workers of which it is known whether they are busy.</summary>
    public int ObservedWorkers { get; init; }

    /// <summary>Whether 0 workers means none, and not that nobody can tell.</summary>
    public bool WorkersKnown { get; init; }

    /// <summary>Whether arrivals are counted.</summary>
    public bool ArrivalsKnown { get; init; }

    /// <summary>Whether completions are counted.</summary>
    public bool CompletionsKnown { get; init; }

    /// <summary>Busy workers that are known by number only.</summary>
    public int BusyElsewhere { get; init; }

    /// <summary>Running tasks that are known by number only.</summary>
    public int RunningElsewhere { get; init; }

    public TimeSpan TaskTimeout { get; init; }

    public int AwaitingRetry { get; init; }

    public int Stuck { get; init; }

    public bool IsPaused { get; init; }

    public string? System { get; init; }

    /// <summary>Whether the queue would know of workers: then there are none where nothing goes on and none is known.</summary>
    public bool KnowsItsWorkers { get; init; }

    /// <summary>Whether the queue, or its workers, are in this process: then starts and waits are seen.</summary>
    public bool IsHere { get; init; }

    /// <summary>The latest measurement of a queue that is known by measurements only: between two of them nothing new is known.</summary>
    public QueueMeasurement? Measured { get; init; }

    /// <summary>Whether there is anything to say this of.</summary>
    public bool IsWatching { get; init; }
}

/// <summary>A measurement of a queue elsewhere.</summary>
/// <param name="Metrics">What it says.</param>
/// <param name="At">When it came, by the time provider's timestamps.</param>
/// <param name="Over">How long after the one before, which its counts are of; null for the first one.</param>
internal sealed record QueueMeasurement(TaskQueueMetrics Metrics, long At, TimeSpan? Over);

/// <summary>
/// Whose depth and workers are known of the queues of one name: queues in this process, processors, and the latest
/// measurement of a queue elsewhere. Thread-safe.
/// </summary>
internal sealed class WatchedQueues(TimeProvider timeProvider, InternalErrors? errors)
{
    private const int Limit = 50;

    /// <summary>How long a measurement from outside says how it is now.</summary>
    public static readonly TimeSpan MeasurementLifetime = TimeSpan.FromMinutes(2);

    // The arrays are replaced as a whole under the lock, read without it: asking a queue is another's code.
    private readonly Lock _lock = new();
    private WatchedQueue[] _queues = [];
    private WorkerPool[] _pools = [];
    private QueueMeasurement? _measured;

    /// <summary>The queues that can be paused.</summary>
    public IEnumerable<IManagedTaskQueue> Managed => Volatile.Read(ref _queues).Select(static watched => watched.Queue).OfType<IManagedTaskQueue>()
        .Concat(Volatile.Read(ref _pools).Select(static pool => pool.Managed).OfType<IManagedTaskQueue>());

    /// <summary>What keeps the queue; null while nobody watches it.</summary>
    public string? System
    {
        get
        {
            lock (_lock)
            {
                return _queues is [var first, ..] ? first.System : _measured?.Metrics.System;
            }
        }
    }

    public void Watch(WatchedQueue queue)
    {
        lock (_lock)
        {
            if (_queues.Length < Limit)
            {
                _queues = [.. _queues, queue];
            }
        }
    }

    public void Unwatch(WatchedQueue queue)
    {
        lock (_lock)
        {
            _queues = [.. _queues.Where(watched => !ReferenceEquals(watched, queue))];
        }
    }

    public void Add(WorkerPool pool)
    {
        lock (_lock)
        {
            _pools = [.. _pools, pool];
        }
    }

    public void Remove(WorkerPool pool)
    {
        lock (_lock)
        {
            _pools = [.. _pools.Where(known => !ReferenceEquals(known, pool))];
        }
    }

    public void Measured(TaskQueueMetrics metrics)
    {
        lock (_lock)
        {
            var now = timeProvider.GetTimestamp();
            var over = TakeFreshUnderLock() is { } before ? timeProvider.GetElapsedTime(before.At, now) : TimeSpan.Zero;
            _measured = new QueueMeasurement(metrics, now, over > TimeSpan.Zero ? over : null);
        }
    }

    /// <summary>Whether one of the queues would take a task of that priority now, as far as it is known.</summary>
    public bool CanTake(TaskPriority priority)
    {
        if (Volatile.Read(ref _queues) is { Length: > 0 } queues)
        {
            return Array.Exists(queues, watched => watched.Queue is BoundedTaskQueue bounded
                ? bounded.CanTake(priority)
                : watched.Capacity <= 0 || DepthOf(watched.Queue).Total < watched.Capacity);
        }

        var state = Read();
        return state.Capacity <= 0 || state.Depth.Total < state.Capacity;
    }

    public QueueState Read()
    {
        WatchedQueue[] queues;
        WorkerPool[] pools;
        QueueMeasurement? latest;
        lock (_lock)
        {
            queues = _queues;
            pools = _pools;
            latest = TakeFreshUnderLock();
        }

        TaskQueueMetrics[] measured = latest is null ? [] : [latest.Metrics];

        var depth = default(TaskQueueDepth);
        foreach (var queue in queues)
        {
            depth = TaskQueueDepth.Add(depth, DepthOf(queue.Queue));
        }

        foreach (var metrics in measured)
        {
            depth = TaskQueueDepth.Add(depth, metrics.ToDepth());
        }

        foreach (var pool in pools)
        {
            depth = TaskQueueDepth.Add(depth, pool.GetDepth());
        }

        var elsewhere = queues.Select(static queue => queue.Queue).OfType<IRemoteTaskQueue>().Select(static queue => queue.Elsewhere).ToArray();
        var here = queues.Sum(static queue => queue.Workers) + pools.Sum(static pool => pool.Activities.Length) + elsewhere.Sum(static activity => activity.Workers);

        // What other processes enqueue and complete is not seen here: half of the flow would look like a jam.
        var seesAll = elsewhere.All(static activity => activity.Workers == 0);
        return new QueueState
        {
            Depth = depth,
            Capacity = queues.Sum(static queue => queue.Capacity) + measured.Sum(static metrics => metrics.Capacity),
            Workers = here + measured.Sum(static metrics => metrics.TotalWorkers ?? 0),
            ObservedWorkers = here + measured.Sum(static metrics => metrics.ActiveWorkers is null ? 0 : metrics.TotalWorkers ?? 0),
            WorkersKnown = here > 0 || pools.Length > 0 || measured.Any(static metrics => metrics.TotalWorkers is not null),
            ArrivalsKnown = (seesAll && queues.Length > 0) || measured.Any(static metrics => metrics.Enqueued is not null),
            CompletionsKnown = (seesAll && queues.Length + pools.Length > 0) || measured.Any(static metrics => metrics.Completed is not null),
            BusyElsewhere = elsewhere.Sum(static activity => Math.Min(activity.Running, activity.Workers)) + measured.Sum(static metrics => metrics.ActiveWorkers ?? 0),
            RunningElsewhere = elsewhere.Sum(static activity => activity.Running) + pools.Sum(static pool => pool.Replaced) + measured.Sum(static metrics => metrics.Running),
            TaskTimeout = ShortestTimeout(pools, measured),
            AwaitingRetry = depth.AwaitingRetry,
            Stuck = pools.Sum(static pool => pool.Stuck),
            IsPaused = queues.Any(static queue => queue.Queue is IManagedTaskQueue { IsPaused: true }) || pools.Any(static pool => pool.Managed is { IsPaused: true }) || measured.Any(static metrics => metrics.IsPaused),
            System = queues.FirstOrDefault()?.System ?? measured.FirstOrDefault()?.System,
            KnowsItsWorkers = Array.Exists(queues, static watched => watched.Queue is IDrainableTaskQueue or IRemoteTaskQueue),
            IsHere = queues.Length + pools.Length > 0,
            Measured = queues.Length + pools.Length > 0 ? null : latest,
            IsWatching = queues.Length + pools.Length + measured.Length > 0,
        };
    }

    private static TimeSpan ShortestTimeout(WorkerPool[] pools, TaskQueueMetrics[] measured) =>
        pools.Select(static pool => pool.TaskTimeout)
            .Concat(measured.Select(static metrics => metrics.TaskTimeout))
            .Where(static timeout => timeout > TimeSpan.Zero)
            .DefaultIfEmpty(TimeSpan.Zero)
            .Min();

    private QueueMeasurement? TakeFreshUnderLock()
    {
        if (_measured is not null && timeProvider.GetElapsedTime(_measured.At) > MeasurementLifetime)
        {
            _measured = null;
        }

        return _measured;
    }

    private TaskQueueDepth DepthOf(IBackgroundTaskQueue queue)
    {
        try
        {
            return queue.GetDepth();
        }
        catch (Exception exception)
        {
            errors?.Report("task-queue.depth", exception);
            return default;
        }
    }
}
