using Monitoring.Latency;

namespace Monitoring.TaskQueues.Recording;

/// <summary>Counts the tasks of one type and one priority. Thread-safe; recording is lock-free and allocates nothing.</summary>
internal sealed class TaskSeries(TaskTypeRecorder type, TaskPriority priority, SliceClock clock)
{
    // What was shown last as completed since the start.
    private long _completed;

    public TaskTypeRecorder Type { get; } = type;

    public TaskPriority Priority { get; } = priority;

    /// <summary>Duration of every attempt, whatever became of it.</summary>
    public LatencyRecorder Processing { get; } = new(clock);

    /// <summary>
    /// Attempts in <see cref="Processing"/> that did not complete a task; counted before them. The usual case is thus counted once, by the
    /// histogram; what is completed is the rest. Less than nothing when tasks were completed that nobody timed.
    /// </summary>
    public WindowedCounter NotCompleted { get; } = new(clock);

    /// <summary>Tasks given up.</summary>
    public WindowedCounter Failed { get; } = new(clock);

    /// <summary>
    /// Tasks done since the start; never less than it was. An attempt that is being counted as not completed may be missing
    /// from the attempts for a moment, never the other way round: too few are seen then, and the last figure stands.
    /// </summary>
    public long GetCompletedTotal()
    {
        var completed = Processing.TotalCount - NotCompleted.TotalCount;
        for (var shown = Volatile.Read(ref _completed); completed > shown;)
        {
            var before = shown;
            shown = Interlocked.CompareExchange(ref _completed, completed, before);
            if (shown == before)
            {
                return completed;
            }
        }

        return Volatile.Read(ref _completed);
    }

    /// <summary>What happened within the window.</summary>
    public TaskSeriesSnapshot GetSnapshot(TimeSpan window)
    {
        var processing = Processing.GetSnapshot(window);
        return new TaskSeriesSnapshot(processing, Math.Max(0, processing.Count - NotCompleted.GetCount(window)), Failed.GetCount(window));
    }
}

/// <summary>Attempts within a window, and what became of their tasks.</summary>
/// <param name="Processing">Duration of the attempts.</param>
/// <param name="Completed">Tasks done.</param>
/// <param name="Failed">Tasks given up.</param>
internal sealed record TaskSeriesSnapshot(LatencySnapshot Processing, long Completed, long Failed)
{
    public static TaskSeriesSnapshot Merge(IReadOnlyCollection<TaskSeriesSnapshot> snapshots) => new(
        LatencySnapshot.Merge(snapshots.Select(static snapshot => snapshot.Processing)),
        snapshots.Sum(static snapshot => snapshot.Completed),
        snapshots.Sum(static snapshot => snapshot.Failed));
}
