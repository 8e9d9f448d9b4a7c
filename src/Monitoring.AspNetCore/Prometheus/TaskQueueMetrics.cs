using Monitoring.TaskQueues;
using Monitoring.TaskQueues.Recording;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>Queues, 50 at most, the others <c>OTHER</c>; three priorities.</summary>
internal static class TaskQueueMetrics
{
    public static readonly Metric Info = new("monitoring_task_queue", MetricType.Info, "", "What keeps the queue.", "queue", "system");

    public static readonly Metric Depth = new("monitoring_task_queue_depth", MetricType.Gauge, "", "Tasks waiting.", "queue", "priority");
    public static readonly Metric Capacity = Queue("capacity", MetricType.Gauge, "", "Tasks that may wait; not there without a bound.");
    public static readonly Metric OldestAge = Queue("oldest_task_age_seconds", MetricType.Gauge, "seconds", "Since when the oldest task that could be taken now has been waiting; 0 when none waits.");
    public static readonly Metric Delayed = Queue("delayed", MetricType.Gauge, "", "Tasks whose time has not come.");
    public static readonly Metric Running = Queue("running", MetricType.Gauge, "", "Tasks that workers are at.");
    public static readonly Metric DeadLetters = Queue("dead_letters", MetricType.Gauge, "", "Dead letters that are kept.");
    public static readonly Metric Stuck = Queue("stuck", MetricType.Gauge, "", "Tasks that go on although their token was cancelled long ago.");
    public static readonly Metric Workers = new("monitoring_task_queue_workers", MetricType.Gauge, "", "Workers.", "queue", "state");
    public static readonly Metric Utilization = Queue("utilization_ratio", MetricType.Gauge, "ratio", "Busy share of the workers' time in the last minute; not there where nobody knows it.");
    public static readonly Metric Paused = Queue("paused", MetricType.Gauge, "", "1 while the queue is paused, else 0.");
    public static readonly Metric Backpressure = Queue("backpressure", MetricType.Gauge, "", "0 none, 1 elevated, 2 severe.");

    public static readonly Metric Enqueued = Priority("enqueued", "Tasks accepted.");
    public static readonly Metric Refused = new("monitoring_task_queue_refused", MetricType.Counter, "", "Tasks that were not accepted.", "queue", "priority", "reason");
    public static readonly Metric Dropped = Priority("dropped", "Accepted tasks that were dropped for one of higher priority.");
    public static readonly Metric Completed = Priority("completed", "Tasks done.");
    public static readonly Metric Failed = Priority("failed", "Tasks given up.");
    public static readonly Metric Retried = Queue("retried", MetricType.Counter, "", "Failed attempts that were followed by another one.");
    public static readonly Metric TimedOut = Queue("timed_out", MetricType.Counter, "", "Attempts that failed after their time was over.");
    public static readonly Metric Redelivered = Queue("redelivered", MetricType.Counter, "", "Deliveries of tasks that a worker had been given before.");
    public static readonly Metric Undone = Queue("undone", MetricType.Counter, "", "Accepted tasks that were not done when their processor stopped.");

    public static readonly Metric Processing = Queue("processing_duration_seconds", MetricType.Summary, "seconds", "Time of attempts.");
    public static readonly Metric Wait = Queue("wait_duration_seconds", MetricType.Summary, "seconds", "Time from enqueueing to the start.");
    public static readonly Metric LastMinute = Queue("attempts_last_minute", MetricType.Gauge, "", "Attempts that ended in the last minute.");
    public static readonly Metric ProcessingP50 = Queue("processing_duration_p50_seconds", MetricType.Gauge, "seconds", "Median time of attempts in the last minute.");
    public static readonly Metric ProcessingP95 = Queue("processing_duration_p95_seconds", MetricType.Gauge, "seconds", "95th percentile of the time of attempts in the last minute.");
    public static readonly Metric ProcessingP99 = Queue("processing_duration_p99_seconds", MetricType.Gauge, "seconds", "99th percentile of the time of attempts in the last minute.");
    public static readonly Metric WaitP95 = Queue("wait_duration_p95_seconds", MetricType.Gauge, "seconds", "95th percentile of the time from enqueueing to the start in the last minute.");

    private static readonly TaskPriority[] Priorities = Enum.GetValues<TaskPriority>();

    public static IReadOnlyList<Metric> All { get; } =
    [
        Info, Depth, Capacity, OldestAge, Delayed, Running, DeadLetters, Stuck, Workers, Utilization, Paused, Backpressure, Enqueued, Refused, Dropped, Completed,
        Failed, Retried, TimedOut, Redelivered, Undone, Processing, Wait, LastMinute, ProcessingP50, ProcessingP95, ProcessingP99, WaitP95,
    ];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
        var totals = monitor.TaskQueue.GetTotals();
        var queues = monitor.GetTaskQueueSummary(Exposition.Window).Queues;
        WriteState(writer, queues, name => monitor.TaskQueue.FindQueue(name)?.GetUtilizationPercent(Exposition.Window) / 100);
        WriteTotals(writer, totals);
        WriteDurations(writer, totals, queues);
    }

    private static void WriteState(ExpositionWriter writer, IReadOnlyList<TaskQueueSummary> queues, Func<string, double?> utilization)
    {
        writer.Begin(Info);
        foreach (var queue in queues)
        {
            writer.Sample(1, queue.Name!, queue.System ?? "");
        }

        writer.Begin(Depth);
        foreach (var queue in queues)
        {
            foreach (var priority in Priorities)
            {
                writer.Sample(queue.DepthByPriority.Of(priority), queue.Name!, TaskQueueTelemetry.NameOf(priority));
            }
        }

        Each(Capacity, static queue => queue.Capacity > 0 ? queue.Capacity : null);
        Each(OldestAge, static queue => queue.OldestTaskAge.TotalSeconds);
        Each(Delayed, static queue => queue.Delayed);
        Each(Running, static queue => queue.Running);
        Each(DeadLetters, static queue => queue.DeadLetters);
        Each(Stuck, static queue => queue.StuckTasks);
        writer.Begin(Workers);
        foreach (var queue in queues)
        {
            var busy = Math.Min(queue.BusyWorkers, queue.Workers);
            writer.Sample(busy, queue.Name!, "busy");
            writer.Sample(queue.Workers - busy, queue.Name!, "idle");
        }

        Each(Utilization, queue => utilization(queue.Name!));
        Each(Paused, static queue => queue.IsPaused ? 1 : 0);
        Each(Backpressure, static queue => (int)queue.Backpressure.Level);

        void Each(Metric metric, Func<TaskQueueSummary, double?> value) => writer.Each(metric, queues, static queue => queue.Name!, value);
    }

    private static void WriteTotals(ExpositionWriter writer, IReadOnlyList<KeyValuePair<string, QueueTotals>> totals)
    {
        ByPriority(Enqueued, static priority => priority.Enqueued);
        writer.Begin(Refused);
        foreach (var (queue, total) in totals)
        {
            foreach (var priority in Priorities)
            {
                writer.Sample(total.Priorities[(int)priority].Rejected, queue, TaskQueueTelemetry.NameOf(priority), "full");
                writer.Sample(total.Priorities[(int)priority].Duplicates, queue, TaskQueueTelemetry.NameOf(priority), "duplicate");
            }
        }

        ByPriority(Dropped, static priority => priority.Dropped);
        ByPriority(Completed, static priority => priority.Completed);
        ByPriority(Failed, static priority => priority.Failed);
        Each(Retried, static total => total.Retried);
        Each(TimedOut, static total => total.TimedOut);
        Each(Redelivered, static total => total.Redelivered);
        Each(Undone, static total => total.Undone);

        void Each(Metric metric, Func<QueueTotals, long> value) => writer.Each(metric, totals, static queue => queue.Key, queue => value(queue.Value));

        void ByPriority(Metric metric, Func<PriorityTotals, long> value)
        {
            writer.Begin(metric);
            foreach (var (queue, total) in totals)
            {
                foreach (var priority in Priorities)
                {
                    writer.Sample(value(total.Priorities[(int)priority]), queue, TaskQueueTelemetry.NameOf(priority));
                }
            }
        }
    }

    private static void WriteDurations(ExpositionWriter writer, IReadOnlyList<KeyValuePair<string, QueueTotals>> totals, IReadOnlyList<TaskQueueSummary> queues)
    {
        writer.Begin(Processing);
        foreach (var (queue, total) in totals)
        {
            writer.Summary(total.Attempts.Count, total.Attempts.Seconds, queue);
        }

        writer.Begin(Wait);
        foreach (var (queue, total) in totals)
        {
            writer.Summary(total.Waits.Count, total.Waits.Seconds, queue);
        }

        Each(LastMinute, static queue => queue.Completed + queue.Failed + queue.Retried);
        Each(ProcessingP50, static queue => Seconds(queue.P50ProcessingTime, queue.MaximumProcessingTime));
        Each(ProcessingP95, static queue => Seconds(queue.P95ProcessingTime, queue.MaximumProcessingTime));
        Each(ProcessingP99, static queue => Seconds(queue.P99ProcessingTime, queue.MaximumProcessingTime));
        Each(WaitP95, static queue => Seconds(queue.WaitP95, queue.WaitMaximum));

        void Each(Metric metric, Func<TaskQueueSummary, double?> value) => writer.Each(metric, queues, static queue => queue.Name!, value);
    }

    // Nothing was measured in the last minute when the longest took no time.
    private static double? Seconds(TimeSpan value, TimeSpan maximum) => maximum > TimeSpan.Zero ? value.TotalSeconds : null;

    private static Metric Queue(string name, MetricType type, string unit, string help) => new($"monitoring_task_queue_{name}", type, unit, help, "queue");

    private static Metric Priority(string name, string help) => new($"monitoring_task_queue_{name}", MetricType.Counter, "", help, "queue", "priority");
}
