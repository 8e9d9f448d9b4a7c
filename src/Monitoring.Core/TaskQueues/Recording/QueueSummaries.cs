using Monitoring.Backpressure;
using Monitoring.Latency;

namespace Monitoring.TaskQueues.Recording;

/// <summary>Adds queues up to what is shown of them.</summary>
internal static class QueueSummaries
{
    public static TaskQueueSummary Of(TimeSpan window, IReadOnlyCollection<QueueSnapshot> queues)
    {
        var states = queues.Select(static queue => queue.State).ToArray();
        var depth = states.Aggregate(default(TaskQueueDepth), static (sum, state) => TaskQueueDepth.Add(sum, state.Depth));
        var attempts = TaskSeriesSnapshot.Merge([.. queues.SelectMany(static queue => queue.Types).SelectMany(static type => type.Series).OfType<TaskSeriesSnapshot>()]);
        var processing = attempts.Processing;
        var waits = LatencySnapshot.Merge(queues.SelectMany(static queue => queue.Priorities).Select(static priority => priority.Waits));
        return new TaskQueueSummary
        {
            Window = window,
            IsPaused = states.Any(static state => state.IsPaused),
            CurrentDepth = depth.Total,
            DepthByPriority = depth,
            Capacity = states.Sum(static state => state.Capacity),
            AwaitingRetry = states.Sum(static state => state.AwaitingRetry),
            Delayed = depth.Delayed,
            Running = states.Sum(static state => state.RunningElsewhere) + queues.Sum(static queue => queue.Busy - queue.State.BusyElsewhere),
            DeadLetters = depth.DeadLetters,
            StuckTasks = states.Sum(static state => state.Stuck),
            Workers = states.Sum(static state => state.Workers),
            BusyWorkers = queues.Sum(static queue => queue.Busy),
            CurrentWorkerUtilizationPercent = Percent(queues, static queue => queue.CurrentUtilization),
            WorkerUtilizationPercent = Percent(queues, static queue => queue.Utilization),
            AverageProcessingTime = processing.Average,
            P50ProcessingTime = processing.P50,
            P95ProcessingTime = processing.P95,
            P99ProcessingTime = processing.P99,
            MaximumProcessingTime = processing.Maximum,
            AverageWait = waits.Average,
            WaitP50 = waits.P50,
            WaitP95 = waits.P95,
            WaitP99 = waits.P99,
            WaitMaximum = waits.Maximum,
            OldestTaskAge = depth.OldestAge ?? TimeSpan.Zero,
            Enqueued = Sum(static priority => priority.Enqueued),
            Rejected = Sum(static priority => priority.Rejected),
            Duplicates = Sum(static priority => priority.Duplicates),
            Dropped = Sum(static priority => priority.Dropped),
            Admitted = Sum(static priority => priority.Admitted),
            Refused = Sum(static priority => priority.Refused),
            Completed = attempts.Completed,
            Failed = attempts.Failed,
            Retried = queues.Sum(static queue => queue.Retried),
            TimedOut = queues.Sum(static queue => queue.TimedOut),
            DeadLettered = queues.Sum(static queue => queue.DeadLettered),
            Redelivered = queues.Sum(static queue => queue.Redelivered),
            Undone = queues.Sum(static queue => queue.Undone),
            Priorities = queues.Count == 0 ? [] : [.. Enum.GetValues<TaskPriority>().Select(priority => Priority(priority, in depth, queues))],
            Types = [.. Types(queues)],
            TypeOverflow = queues.Sum(static queue => queue.TypeOverflow),
            Backpressure = queues.Count == 1 ? queues.First().Backpressure : Worst(queues),
        };

        long Sum(Func<PrioritySnapshot, long> count) => queues.SelectMany(static queue => queue.Priorities).Sum(count);
    }

    private static double Percent(IReadOnlyCollection<QueueSnapshot> queues, Func<QueueSnapshot, UtilizationIntegrals> integrals) =>
        queues.Aggregate(default(UtilizationIntegrals), (sum, queue) => sum + integrals(queue)).Percent ?? 0;

    private static TaskPrioritySummary Priority(TaskPriority priority, in TaskQueueDepth depth, IReadOnlyCollection<QueueSnapshot> queues)
    {
        var before = queues.Select(queue => queue.Priorities[(int)priority]).ToArray();
        var waits = LatencySnapshot.Merge(before.Select(static snapshot => snapshot.Waits));
        var attempts = TaskSeriesSnapshot.Merge([.. queues.SelectMany(static queue => queue.Types).Select(type => type.Series[(int)priority]).OfType<TaskSeriesSnapshot>()]);
        return new TaskPrioritySummary
        {
            Priority = priority,
            Depth = depth.Of(priority),
            OldestTaskAge = depth.OldestAgeOf(priority) ?? TimeSpan.Zero,
            Enqueued = before.Sum(static snapshot => snapshot.Enqueued),
            Rejected = before.Sum(static snapshot => snapshot.Rejected),
            Duplicates = before.Sum(static snapshot => snapshot.Duplicates),
            Dropped = before.Sum(static snapshot => snapshot.Dropped),
            Admitted = before.Sum(static snapshot => snapshot.Admitted),
            Refused = before.Sum(static snapshot => snapshot.Refused),
            Completed = attempts.Completed,
            Failed = attempts.Failed,
            AverageWait = waits.Average,
            WaitP50 = waits.P50,
            WaitP95 = waits.P95,
            WaitP99 = waits.P99,
            WaitMaximum = waits.Maximum,
            AverageProcessingTime = attempts.Processing.Average,
            P95ProcessingTime = attempts.Processing.P95,
            MaximumProcessingTime = attempts.Processing.Maximum,
        };
    }

    private static IEnumerable<TaskTypeSummary> Types(IReadOnlyCollection<QueueSnapshot> queues) =>
        from type in queues.SelectMany(static queue => queue.Types)
        group type by type.Name into types
        let attempts = TaskSeriesSnapshot.Merge([.. types.SelectMany(static type => type.Series).OfType<TaskSeriesSnapshot>()])
        orderby attempts.Completed + attempts.Failed descending, types.Key
        select new TaskTypeSummary
        {
            Name = types.Key,
            Completed = attempts.Completed,
            Failed = attempts.Failed,
            AverageProcessingTime = attempts.Processing.Average,
            P95ProcessingTime = attempts.Processing.P95,
            MaximumProcessingTime = attempts.Processing.Maximum,
            RecentFailures = [.. types.SelectMany(static type => type.Failures).OrderByDescending(static failure => failure.At).Take(TaskTypeRecorder.FailureLimit)],
        };

    // Rates and estimates of different queues do not add up: the worst one speaks, and says which it is.
    private static BackpressureStatus Worst(IReadOnlyCollection<QueueSnapshot> queues)
    {
        var worst = queues.MaxBy(static queue => queue.Backpressure.Level);
        return worst is null or { Backpressure.IsDetected: false }
            ? BackpressureStatus.None
            : worst.Backpressure with { Reasons = [.. worst.Backpressure.Reasons.Select(reason => $"{worst.Name}: {reason}")] };
    }
}
