using System.Collections.Concurrent;
using Monitoring.Latency;

namespace Monitoring.TaskQueues;

/// <summary>What is counted of each task type. At most 50 types are told apart; the rest is counted together. Thread-safe.</summary>
internal sealed class TaskTypeTable(SliceClock clock, TaskQueueMonitor monitor)
{
    public const int Limit = 50;
    public const string OverflowName = "OTHER";

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, TaskTypeRecorder> _types = new(StringComparer.Ordinal);
    private TaskTypeRecorder? _overflow;
    private long _overflowed;

    /// <summary>Tasks that were counted under <see cref="OverflowName"/>.</summary>
    public long Overflowed => Volatile.Read(ref _overflowed);

    /// <summary>The recorder of a type. Lock-free and without allocation once the type is known.</summary>
    public TaskTypeRecorder Get(string name) => _types.TryGetValue(name, out var known) ? known : Add(name);

    public TaskTypeRecorder[] ToArray() => [.. _types.Values, .. Volatile.Read(ref _overflow) is { } overflow ? [overflow] : Array.Empty<TaskTypeRecorder>()];

    private TaskTypeRecorder Add(string name)
    {
        // A full table does not shrink, so tasks beyond it need no lock.
        if (Volatile.Read(ref _overflow) is { } full)
        {
            Interlocked.Increment(ref _overflowed);
            return full;
        }

        lock (_lock)
        {
            if (_types.TryGetValue(name, out var known))
            {
                return known;
            }

            if (_types.Count < Limit)
            {
                return _types[name] = new TaskTypeRecorder(name, clock, monitor);
            }

            Interlocked.Increment(ref _overflowed);
            return _overflow ??= new TaskTypeRecorder(OverflowName, clock, monitor);
        }
    }
}
