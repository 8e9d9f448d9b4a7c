using Monitoring.TaskQueues;

namespace Monitoring.Simulation;

/// <summary>Three lanes, each first in, first out, with the turns of the in-process queue; only its depth is asked for by the monitor.</summary>
internal sealed class SimulatedQueue(SimulatedTime time) : IBackgroundTaskQueue
{
    private static readonly TaskQueueOptions Defaults = new();

    private readonly Queue<long>[] _lanes = [new(), new(), new()];
    private readonly int[] _weights = [Defaults.HighWeight, Defaults.NormalWeight, Defaults.LowWeight];
    private readonly int[] _turns = [0, 0, 0];

    public int Count { get; private set; }

    public void Add(TaskPriority priority, long enqueuedAt)
    {
        _lanes[(int)priority].Enqueue(enqueuedAt);
        Count++;
    }

    public (TaskPriority Priority, long EnqueuedAt) Take()
    {
        Count--;
        while (true)
        {
            for (var lane = 0; lane < _lanes.Length; lane++)
            {
                if (_turns[lane] > 0 && _lanes[lane].Count > 0)
                {
                    _turns[lane]--;
                    return ((TaskPriority)lane, _lanes[lane].Dequeue());
                }
            }

            _weights.CopyTo(_turns, 0);
        }
    }

    public TaskQueueDepth GetDepth()
    {
        var ages = Array.ConvertAll(_lanes, lane => lane.TryPeek(out var oldest) ? TimeSpan.FromTicks(time.Now - oldest) : (TimeSpan?)null);
        return new TaskQueueDepth(_lanes[0].Count, _lanes[1].Count, _lanes[2].Count)
        {
            OldestAge = ages.Max(),
            HighOldestAge = ages[0],
            NormalOldestAge = ages[1],
            LowOldestAge = ages[2],
        };
    }

    public ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public bool TryEnqueue(BackgroundTask task) => throw new NotSupportedException();

    public ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
