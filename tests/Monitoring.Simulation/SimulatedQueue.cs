using Monitoring.TaskQueues;

namespace Monitoring.Simulation;

/// <summary>First in, first out; only its depth is asked for by the monitor.</summary>
internal sealed class SimulatedQueue(SimulatedTime time) : IBackgroundTaskQueue
{
    private readonly Queue<long> _enqueuedAt = new();

    public int Count => _enqueuedAt.Count;

    public void Add(long enqueuedAt) => _enqueuedAt.Enqueue(enqueuedAt);

    public long Take() => _enqueuedAt.Dequeue();

    public TaskQueueDepth GetDepth()
    {
        TimeSpan? age = _enqueuedAt.TryPeek(out var oldest) ? TimeSpan.FromTicks(time.Now - oldest) : null;
        return new TaskQueueDepth(0, _enqueuedAt.Count, 0) { OldestAge = age, NormalOldestAge = age };
    }

    public ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public bool TryEnqueue(BackgroundTask task) => throw new NotSupportedException();

    public ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
