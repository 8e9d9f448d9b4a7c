namespace Monitoring.Redis.Probes;

/// <summary>A process that runs tasks, as it announces itself.</summary>
/// <param name="Queues">The queues that it serves.</param>
/// <param name="Workers">How many tasks it can run at a time.</param>
/// <param name="Busy">How many it is running; null when it does not say.</param>
internal readonly record struct WorkerProcess(IReadOnlyCollection<string> Queues, long Workers, long? Busy);

/// <summary>
/// The workers of a system in which one may serve several queues. They are counted for the system, so that sums are right; of
/// a queue it is only said when nobody serves it.
/// </summary>
/// <param name="Processes">The processes; null when they are not known.</param>
internal readonly record struct WorkerList(IReadOnlyList<WorkerProcess>? Processes)
{
    public static WorkerList Unknown => new(null);

    public long? Workers => Processes?.Sum(static process => process.Workers);

    public long? Busy => Processes is { } known && known.All(static process => process.Busy is not null) ? known.Sum(static process => process.Busy) : null;

    /// <summary>0 when no process serves the queue, null otherwise.</summary>
    public long? Of(string queue) =>
        Processes is { } known && !known.Any(process => process.Queues.Any(pattern => Matches(pattern, queue))) ? 0 : null;

    // Resque allows "*" for any text within the name of a queue.
    private static bool Matches(string pattern, string queue) =>
        pattern.Contains('*', StringComparison.Ordinal)
            ? System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, queue, ignoreCase: false)
            : pattern == queue;
}
