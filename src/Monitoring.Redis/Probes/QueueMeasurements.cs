using Monitoring.TaskQueues;

namespace Monitoring.Redis.Probes;

/// <summary>
/// Makes measurements of figures: counters that only grow become what happened since the poll before. Used by one poll at a time.
/// </summary>
/// <param name="system">What keeps the queues.</param>
/// <param name="name">What the queues' names begin with.</param>
internal sealed class QueueMeasurements(string system, string name)
{
    // The recorder tells no longer names apart.
    private const int LongestName = 128;

    private Dictionary<string, QueueFigures> _before = [];

    /// <summary>One measurement for each queue whose depth is known, and one for the system.</summary>
    public IReadOnlyList<TaskQueueMetrics> Of(IReadOnlyList<QueueFigures> figures, DateTimeOffset now)
    {
        var before = _before;
        _before = figures.GroupBy(static figure => figure.Queue ?? "", StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.First(), StringComparer.Ordinal);
        return [.. figures.Where(static figure => figure.Queue is null || figure.Waiting is not null)
            .Select(figure => Of(figure, before.GetValueOrDefault(figure.Queue ?? ""), now))];
    }

    private TaskQueueMetrics Of(QueueFigures figure, QueueFigures? before, DateTimeOffset now)
    {
        var low = Math.Min(figure.LowPriority, figure.Waiting ?? 0);
        return new TaskQueueMetrics
        {
            Queue = NameOf(figure.Queue),
            System = system,
            NormalDepth = Int(figure.Waiting - low) ?? 0,
            LowDepth = Int(low) ?? 0,
            OldestTaskAge = figure is { Waiting: > 0, OldestSince: { } since } ? TimeSpan.FromTicks(Math.Max(0, (now - since).Ticks)) : null,
            Running = Int(figure.Running) ?? 0,
            Delayed = Int(figure.Delayed) ?? 0,
            DeadLetters = Int(figure.DeadLetters) ?? 0,
            ActiveWorkers = Int(figure.ActiveWorkers),
            TotalWorkers = Int(figure.Workers),
            IsPaused = figure.IsPaused,
            Enqueued = Since(before?.EnqueuedTotal, figure.EnqueuedTotal),
            Completed = Since(before?.CompletedTotal, figure.CompletedTotal),
            Failed = Since(before?.FailedTotal, figure.FailedTotal),
        };
    }

    private string NameOf(string? queue)
    {
        var text = queue is null ? name : $"{name}:{queue}";
        return text.Length <= LongestName ? text : text[..LongestName];
    }

    // A counter that went back began anew, for a new day or because somebody reset it.
    private static long? Since(long? before, long? now) => now >= before ? now - before : null;

    private static int? Int(long? value) => value is { } number ? (int)Math.Clamp(number, 0, int.MaxValue) : null;
}
