using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Monitoring.TaskQueues;

namespace Monitoring.Redis.Streams;

/// <summary>An entry that this consumer has been given and has not settled. Immutable.</summary>
internal sealed record HeldTask
{
    public required TaskPriority Priority { get; init; }

    public required string EntryId { get; init; }

    /// <summary>Empty when it cannot be read.</summary>
    public string TaskId { get; init; } = "";

    public string? DeduplicationKey { get; init; }

    /// <summary>Failed attempts so far.</summary>
    public int Attempts { get; init; }

    /// <summary>Deliveries over the task's whole life.</summary>
    public int TotalDeliveries { get; init; } = 1;
}

/// <summary>
/// What this process holds: from the delivery until the server has been told what became of it. An entry is in here once,
/// so that one which comes again, because the heartbeats did not get through, does not run twice in one process. Thread-safe.
/// </summary>
internal sealed class HeldTasks
{
    private readonly ConcurrentDictionary<(TaskPriority, string), HeldTask> _byEntry = [];
    private readonly ConcurrentDictionary<BackgroundTask, HeldTask> _byTask = [];

    public int Count => _byEntry.Count;

    public IEnumerable<HeldTask> All => _byEntry.Values;

    /// <returns>False when the entry is held already.</returns>
    public bool TryAdd(HeldTask held) => _byEntry.TryAdd((held.Priority, held.EntryId), held);

    public bool Contains(HeldTask held) => _byEntry.ContainsKey((held.Priority, held.EntryId));

    /// <summary>The worker's side of a held entry, until it settles.</summary>
    public void Assign(BackgroundTask task, HeldTask held) => _byTask[task] = held;

    /// <summary>Ends the worker's side; the entry stays held until <see cref="Remove"/>.</summary>
    public bool TryTake(BackgroundTask task, [NotNullWhen(true)] out HeldTask? held) => _byTask.TryRemove(task, out held);

    public void Remove(HeldTask held) => _byEntry.TryRemove((held.Priority, held.EntryId), out _);
}
