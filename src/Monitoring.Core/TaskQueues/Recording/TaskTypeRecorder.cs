using Monitoring.Latency;

namespace Monitoring.TaskQueues.Recording;

/// <summary>Counts one task type of one queue, by priority. Thread-safe.</summary>
internal sealed class TaskTypeRecorder(string name, SliceClock clock, QueueMonitor queue)
{
    /// <summary>Failed attempts that are kept.</summary>
    public const int FailureLimit = 10;

    private readonly RecentList<TaskFailure> _failures = new(FailureLimit);

    // Made when the first task of a priority comes: written under a lock on the array, read without it.
    private readonly TaskSeries?[] _series = new TaskSeries?[QueueMonitor.Priorities];

    public string Name { get; } = name;

    public QueueMonitor Queue { get; } = queue;

    public TaskSeries Of(TaskPriority priority) => Volatile.Read(ref _series[(int)priority]) ?? Create(priority);

    /// <summary>By priority; null where no task of it was seen.</summary>
    public TaskSeriesSnapshot?[] GetSnapshots(TimeSpan window) => Array.ConvertAll(_series, series => series?.GetSnapshot(window));

    /// <summary>Tasks of a priority done, and given up, since the start.</summary>
    public (long Completed, long Failed) GetTotals(TaskPriority priority) =>
        Volatile.Read(ref _series[(int)priority]) is { } series
            ? (series.GetCompletedTotal(), series.Failed.TotalCount)
            : default;

    /// <summary>Attempts of all priorities since the start, and the time they took.</summary>
    public LatencyTotals GetAttempts()
    {
        var sum = default(LatencyTotals);
        for (var i = 0; i < _series.Length; i++)
        {
            sum += Volatile.Read(ref _series[i])?.Processing.GetTotals() ?? default;
        }

        return sum;
    }

    public void Add(TaskFailure failure) => _failures.Add(failure);

    /// <summary>The last failed attempts, newest first.</summary>
    public IReadOnlyList<TaskFailure> GetFailures() => _failures.ToList();

    private TaskSeries Create(TaskPriority priority)
    {
        lock (_series)
        {
            ref var series = ref _series[(int)priority];
            if (series is null)
            {
                Volatile.Write(ref series, new TaskSeries(this, priority, clock));
            }

            return series!;
        }
    }
}
