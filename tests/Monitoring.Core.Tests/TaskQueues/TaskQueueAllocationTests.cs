using Monitoring.TaskQueues;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>A task on its way through the queue costs its own object and nothing beside it: bytes, no times.</summary>
[Collection(nameof(Alone))]
public sealed class TaskQueueAllocationTests
{
    private const int Tasks = 500;
    private const int Rounds = 5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Enqueueing_taking_and_settling_allocate_nothing(bool isMonitored)
    {
        using var monitor = PerformanceMonitor.Create();
        using var bounded = new BoundedTaskQueue(new TaskQueueOptions());
        var queue = isMonitored ? bounded.WithMonitoring(monitor) : bounded;

        // The least of several: the first pass makes the lanes' rings, and a thread that moves to another processor new cells.
        Enumerable.Range(0, Rounds).Min(_ => Pass(queue, bounded.Settling())).Should().Be(0);
    }

    [Fact]
    public async Task A_worker_that_waits_and_is_woken_allocates_nothing_more_each_time()
    {
        using var queue = new BoundedTaskQueue(new TaskQueueOptions());
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            least = Math.Min(least, await WaitAndWakeAsync(queue));
        }

        least.Should().Be(0);
    }

    private static async Task<long> WaitAndWakeAsync(BoundedTaskQueue queue)
    {
        var tasks = NewTasks();
        var bytes = 0L;
        for (var i = 0; i < Tasks; i++)
        {
            // On one thread up to the await; the continuation may run elsewhere, and is not counted.
            var before = GC.GetAllocatedBytesForCurrentThread();
            var waiting = queue.DequeueAsync(default);
            queue.TryEnqueue(tasks[i]);
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
            await waiting;
        }

        return bytes;
    }

    private static long Pass(IBackgroundTaskQueue queue, ISettlingTaskQueue settling)
    {
        var tasks = NewTasks();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var task in tasks)
        {
            Finish(queue.EnqueueAsync(task));
        }

        for (var i = 0; i < Tasks; i++)
        {
            Finish(settling.CompleteAsync(Finish(queue.DequeueAsync(default))));
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static BackgroundTask[] NewTasks() =>
        [.. Enumerable.Range(0, Tasks).Select(static i => QueueTesting.NewTask((TaskPriority)(i % 3)))];

    private static T Finish<T>(ValueTask<T> finished)
    {
        if (!finished.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("This was to complete at once.");
        }

        return finished.Result;
    }

    private static void Finish(ValueTask finished)
    {
        if (!finished.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("This was to complete at once.");
        }
    }
}
