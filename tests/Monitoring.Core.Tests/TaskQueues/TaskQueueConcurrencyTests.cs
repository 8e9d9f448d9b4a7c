using System.Collections.Concurrent;
using Monitoring.TaskQueues;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>Real threads, and what must hold whatever their order.</summary>
public sealed class TaskQueueConcurrencyTests
{
    private const int Producers = 4;
    private const int Consumers = 3;
    private const int TasksEach = 10_000;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Loses_nothing_hands_out_nothing_twice_and_never_exceeds_its_capacity(int capacity)
    {
        var queue = new BoundedTaskQueue(new TaskQueueOptions { Capacity = capacity });
        var taken = new ConcurrentBag<BackgroundTask>();
        using var done = new CancellationTokenSource();
        var deepest = 0;

        var consumers = Enumerable.Range(0, Consumers).Select(_ => OnThread(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    taken.Add(await queue.DequeueAsync(done.Token));
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        })).ToArray();
        var watcher = OnThread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                deepest = Math.Max(deepest, queue.GetDepth().Total);
            }

            return Task.CompletedTask;
        });
        var produced = await Task.WhenAll(Enumerable.Range(0, Producers).Select(seed => OnThread(() => ProduceAsync(queue, seed))));
        var accepted = produced.SelectMany(tasks => tasks).ToArray();
        await WaitUntilAsync(() => taken.Count >= accepted.Length);
        await done.CancelAsync();
        await Task.WhenAll([.. consumers, watcher]);

        taken.Should().OnlyHaveUniqueItems();
        taken.ToHashSet().SetEquals(accepted).Should().BeTrue();
        deepest.Should().BeLessThanOrEqualTo(capacity);
        queue.GetDepth().Total.Should().Be(0);
    }

    [Fact]
    public async Task Waits_cancelled_at_any_moment_lose_no_task()
    {
        var queue = new BoundedTaskQueue(new TaskQueueOptions { Capacity = 2 });
        var taken = new ConcurrentBag<BackgroundTask>();
        using var done = new CancellationTokenSource();

        var consumers = Enumerable.Range(0, Consumers).Select(seed => OnThread(async () =>
        {
            var random = new Random(seed);
            while (!done.IsCancellationRequested)
            {
                using var impatience = CancellationTokenSource.CreateLinkedTokenSource(done.Token);
                var wait = queue.DequeueAsync(impatience.Token);
                if (random.Next(2) == 0)
                {
                    _ = impatience.CancelAsync();
                }

                try
                {
                    taken.Add(await wait);
                }
                catch (OperationCanceledException)
                {
                }
            }
        })).ToArray();
        var produced = await Task.WhenAll(Enumerable.Range(0, Producers).Select(seed => OnThread(() => ProduceImpatientlyAsync(queue, seed))));
        var accepted = produced.SelectMany(tasks => tasks).ToArray();
        await WaitUntilAsync(() => taken.Count >= accepted.Length);
        await done.CancelAsync();
        await Task.WhenAll(consumers);

        taken.Should().OnlyHaveUniqueItems();
        taken.ToHashSet().SetEquals(accepted).Should().BeTrue();
    }

    private static async Task<List<BackgroundTask>> ProduceAsync(BoundedTaskQueue queue, int seed)
    {
        var random = new Random(seed);
        var accepted = new List<BackgroundTask>();
        for (var i = 0; i < TasksEach; i++)
        {
            var task = NewTask(random);
            if (random.Next(4) == 0)
            {
                if (!queue.TryEnqueue(task))
                {
                    continue;
                }
            }
            else
            {
                await queue.EnqueueAsync(task);
            }

            accepted.Add(task);
        }

        return accepted;
    }

    private static async Task<List<BackgroundTask>> ProduceImpatientlyAsync(BoundedTaskQueue queue, int seed)
    {
        var random = new Random(seed);
        var accepted = new List<BackgroundTask>();
        for (var i = 0; i < TasksEach / 4; i++)
        {
            var task = NewTask(random);
            using var impatience = new CancellationTokenSource();
            var wait = queue.EnqueueAsync(task, impatience.Token);
            if (random.Next(2) == 0)
            {
                _ = impatience.CancelAsync();
            }

            try
            {
                await wait;
                accepted.Add(task);
            }
            catch (OperationCanceledException)
            {
            }
        }

        return accepted;
    }

    private static BackgroundTask NewTask(Random random) =>
        BackgroundTask.Create(_ => ValueTask.CompletedTask, (TaskPriority)random.Next(3));

    private static Task OnThread(Func<Task> work) => Task.Factory.StartNew(work, TaskCreationOptions.LongRunning).Unwrap();

    private static Task<T> OnThread<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, TaskCreationOptions.LongRunning).Unwrap();

    private static Task WaitUntilAsync(Func<bool> condition) => Eventually.HoldsAsync(condition);
}
