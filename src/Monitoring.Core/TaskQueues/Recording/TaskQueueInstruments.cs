using System.Diagnostics.Metrics;
using Monitoring.Telemetry;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Monitoring.TaskQueues.Recording;

/// <summary>
/// The instruments that are read rather than recorded: each reads, when somebody collects it, what the summary reads.
/// What fails is counted as an error of the monitor's own and left out.
/// </summary>
internal sealed class TaskQueueInstruments
{
    private const string Reason = "monitoring.task_queue.refused.reason";
    private const string WorkerState = "monitoring.task_queue.worker.state";

    private readonly Meter _meter;
    private readonly Func<IEnumerable<QueueMonitor>> _queues;
    private readonly InternalErrors? _errors;

    private TaskQueueInstruments(Meter meter, Func<IEnumerable<QueueMonitor>> queues, InternalErrors? errors)
    {
        _meter = meter;
        _queues = queues;
        _errors = errors;
    }

    /// <summary>Makes the instruments, for the meter's lifetime.</summary>
    public static void Create(Meter meter, Func<IEnumerable<QueueMonitor>> queues, InternalErrors? errors)
    {
        var instruments = new TaskQueueInstruments(meter, queues, errors);
        instruments.CreateCounters();
        instruments.CreateForTasks();
        instruments.CreateForWorkers();
    }

    private void CreateCounters()
    {
        Counter(TaskQueueTelemetryNames.Enqueued, "{task}", "Tasks accepted.", static queue => ByPriority(queue, static totals => totals.Enqueued));
        Counter(TaskQueueTelemetryNames.Refused, "{task}", "Tasks that were not accepted.", static queue =>
            ByPriority(queue, static totals => totals.Rejected, new Tag(Reason, "full"))
                .Concat(ByPriority(queue, static totals => totals.Duplicates, new Tag(Reason, "duplicate"))));
        Counter(TaskQueueTelemetryNames.Dropped, "{task}", "Accepted tasks that were dropped for one of higher priority.", static queue => ByPriority(queue, static totals => totals.Dropped));
        Counter(TaskQueueTelemetryNames.Completed, "{task}", "Tasks done.", static queue => ByPriority(queue, static totals => totals.Completed));
        Counter(TaskQueueTelemetryNames.Failed, "{task}", "Tasks given up.", static queue => ByPriority(queue, static totals => totals.Failed));
        Counter(TaskQueueTelemetryNames.Retried, "{attempt}", "Failed attempts that were followed by another one.", static queue => [Measure(queue, queue.GetTotals().Retried)]);
        Counter(TaskQueueTelemetryNames.TimedOut, "{attempt}", "Attempts that failed after their time was over.", static queue => [Measure(queue, queue.GetTotals().TimedOut)]);
        Counter(TaskQueueTelemetryNames.Redelivered, "{delivery}", "Deliveries of tasks that a worker had been given before.", static queue => [Measure(queue, queue.GetTotals().Redelivered)]);
        Counter(TaskQueueTelemetryNames.Undone, "{task}", "Accepted tasks that were not done when their processor stopped.", static queue => [Measure(queue, queue.GetTotals().Undone)]);
    }

    private void CreateForTasks()
    {
        UpDown(TaskQueueTelemetryNames.Depth, "{task}", "Tasks waiting.", static queue =>
        {
            var depth = queue.Watched.Read().Depth;
            return Enum.GetValues<TaskPriority>().Select(priority => Measure<long>(queue, depth.Of(priority), Of(priority)));
        });
        Gauge<double>(TaskQueueTelemetryNames.OldestAge, "s", "Age of the oldest task that could be taken now.", static queue =>
            [Measure(queue, (queue.Watched.Read().Depth.OldestAge ?? TimeSpan.Zero).TotalSeconds)]);
        UpDown(TaskQueueTelemetryNames.Delayed, "{task}", "Tasks whose time has not come.", static queue => [Measure<long>(queue, queue.Watched.Read().Depth.Delayed)]);
        UpDown(TaskQueueTelemetryNames.Running, "{task}", "Tasks that workers are at.", static queue => [Measure<long>(queue, queue.CountRunning())]);
        UpDown(TaskQueueTelemetryNames.DeadLetters, "{task}", "Dead letters that are kept.", static queue => [Measure<long>(queue, queue.Watched.Read().Depth.DeadLetters)]);
        UpDown(TaskQueueTelemetryNames.Stuck, "{task}", "Tasks that go on although their token was cancelled long ago.", static queue => [Measure<long>(queue, queue.Watched.Read().Stuck)]);
        UpDown(TaskQueueTelemetryNames.Capacity, "{task}", "Tasks that may wait; not there for a queue without a bound.", static queue =>
            queue.Watched.Read().Capacity is > 0 and var capacity ? [Measure<long>(queue, capacity)] : []);
    }

    private void CreateForWorkers()
    {
        UpDown(TaskQueueTelemetryNames.Workers, "{worker}", "Workers.", static queue =>
        {
            var workers = queue.Watched.Read().Workers;
            var busy = Math.Min(queue.CountBusy(), workers);
            return [Measure<long>(queue, busy, new Tag(WorkerState, "busy")), Measure<long>(queue, workers - busy, new Tag(WorkerState, "idle"))];
        });
        Gauge<double>(TaskQueueTelemetryNames.Utilization, "1", "Busy share of the workers' time over the last 10 s.", static queue =>
            queue.CurrentUtilizationPercent is { } percent ? [Measure(queue, percent / 100)] : []);
        Gauge<long>(TaskQueueTelemetryNames.Paused, "1", "1 while the queue is paused, else 0.", static queue => [Measure<long>(queue, queue.Watched.Read().IsPaused ? 1 : 0)]);
        Gauge<long>(TaskQueueTelemetryNames.Backpressure, "1", "0 none, 1 elevated, 2 severe.", static queue => [Measure(queue, (long)queue.Backpressure.Level)]);
    }

    private static IEnumerable<Measurement<long>> ByPriority(QueueMonitor queue, Func<PriorityTotals, long> read, params Tag[] tags)
    {
        var totals = queue.GetTotals().Priorities;
        return Enum.GetValues<TaskPriority>().Select(priority => Measure(queue, read(totals[(int)priority]), [Of(priority), .. tags]));
    }

    private static Tag Of(TaskPriority priority) => new(TaskQueueTelemetry.Priority, TaskQueueTelemetry.NameOf(priority));

    private static Measurement<T> Measure<T>(QueueMonitor queue, T value, params Tag[] tags)
        where T : struct => new(value, [new(TaskQueueTelemetry.System, queue.Watched.System), new(TaskQueueTelemetry.Queue, queue.Name), .. tags]);

    private void Counter(string name, string unit, string description, Func<QueueMonitor, IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableCounter(name, () => Read(read), unit, description);

    private void UpDown(string name, string unit, string description, Func<QueueMonitor, IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableUpDownCounter(name, () => Read(read), unit, description);

    private void Gauge<T>(string name, string unit, string description, Func<QueueMonitor, IEnumerable<Measurement<T>>> read)
        where T : struct =>
        _meter.CreateObservableGauge(name, () => Read(read), unit, description);

    private List<Measurement<T>> Read<T>(Func<QueueMonitor, IEnumerable<Measurement<T>>> read)
        where T : struct
    {
        try
        {
            return [.. _queues().SelectMany(read)];
        }
        catch (Exception own)
        {
            _errors?.Report("task-queue-telemetry", own);
            return [];
        }
    }
}
