using Monitoring.Telemetry;

namespace Monitoring.TaskQueues;

/// <summary>A queue that the monitor asks for its depth.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Capacity">Tasks that may wait; 0 when unknown.</param>
/// <param name="Workers">Workers of a loop that is not ours; 0 when <see cref="TaskProcessor"/> runs it.</param>
internal sealed record WatchedQueue(IBackgroundTaskQueue Queue, int Capacity, int Workers);

/// <summary>The workers of a processor.</summary>
/// <param name="Activities">One for each worker.</param>
/// <param name="TaskTimeout">How long an attempt may take.</param>
/// <param name="Retries">Where its failed tasks wait.</param>
internal sealed record WorkerPool(WorkerActivity[] Activities, TimeSpan TaskTimeout, RetrySchedule Retries);

/// <summary>All queues together, at one moment.</summary>
internal readonly record struct QueueState(
    TaskQueueDepth Depth, int Capacity, int Workers, int BusyElsewhere, TimeSpan TaskTimeout, int AwaitingRetry, bool IsWatching);

/// <summary>
/// Whose depth and workers are known: queues in this process, processors, and measurements of queues elsewhere, at most
/// 50 of each kind. Thread-safe.
/// </summary>
internal sealed class WatchedQueues(TimeProvider timeProvider, InternalErrors? errors)
{
    private const int Limit = 50;

    /// <summary>How long a measurement from outside says how it is now.</summary>
    public static readonly TimeSpan MeasurementLifetime = TimeSpan.FromMinutes(2);

    // The arrays are replaced as a whole under the lock, read without it: asking a queue is another's code.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (TaskQueueMetrics Metrics, long At)> _measured = new(StringComparer.Ordinal);
    private WatchedQueue[] _queues = [];
    private WorkerPool[] _pools = [];
    private long _overflowed;

    /// <summary>Queues and measurements that were not taken because there were too many.</summary>
    public long Overflowed => Volatile.Read(ref _overflowed);

    public void Watch(WatchedQueue queue)
    {
        lock (_lock)
        {
            if (_queues.Length < Limit)
            {
                _queues = [.. _queues, queue];
                return;
            }
        }

        Interlocked.Increment(ref _overflowed);
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
            if (_measured.Count < Limit || _measured.ContainsKey(metrics.Queue))
            {
                _measured[metrics.Queue] = (metrics, timeProvider.GetTimestamp());
                return;
            }
        }

        Interlocked.Increment(ref _overflowed);
    }

    public QueueState Read()
    {
        WatchedQueue[] queues;
        WorkerPool[] pools;
        TaskQueueMetrics[] measured;
        lock (_lock)
        {
            queues = _queues;
            pools = _pools;
            measured = TakeFreshUnderLock();
        }

        var depth = default(TaskQueueDepth);
        foreach (var queue in queues)
        {
            depth = TaskQueueDepth.Add(depth, DepthOf(queue.Queue));
        }

        foreach (var metrics in measured)
        {
            depth = TaskQueueDepth.Add(depth, metrics.ToDepth());
        }

        return new QueueState(
            depth,
            queues.Sum(static queue => queue.Capacity) + measured.Sum(static metrics => metrics.Capacity),
            queues.Sum(static queue => queue.Workers) + pools.Sum(static pool => pool.Activities.Length) + measured.Sum(static metrics => metrics.TotalWorkers),
            measured.Sum(static metrics => metrics.ActiveWorkers),
            ShortestTimeout(pools, measured),
            pools.Sum(static pool => pool.Retries.Count),
            queues.Length + pools.Length + measured.Length > 0);
    }

    private static TimeSpan ShortestTimeout(WorkerPool[] pools, TaskQueueMetrics[] measured) =>
        pools.Select(static pool => pool.TaskTimeout)
            .Concat(measured.Select(static metrics => metrics.TaskTimeout))
            .Where(static timeout => timeout > TimeSpan.Zero)
            .DefaultIfEmpty(TimeSpan.Zero)
            .Min();

    private TaskQueueMetrics[] TakeFreshUnderLock()
    {
        if (_measured.Count == 0)
        {
            return [];
        }

        // Removing during the enumeration of a Dictionary is allowed.
        foreach (var (name, (_, at)) in _measured)
        {
            if (timeProvider.GetElapsedTime(at) > MeasurementLifetime)
            {
                _measured.Remove(name);
            }
        }

        return [.. _measured.Values.Select(static measured => measured.Metrics)];
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
