using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monitoring.TaskQueues;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>
/// A real host in real time stops in the middle of load: tasks that succeed, fail, time out, ignore their token, are delayed,
/// have keys and limits. Each accepted one is done, given up, dropped or reported, and only one of these.
/// </summary>
public sealed class TaskProcessorDrainTests : IDisposable
{
    private const int Producers = 4;

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, BackgroundTask> _accepted = new();
    private readonly ConcurrentDictionary<string, bool> _done = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    public void Dispose() => _end.TrySetResult();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_accepted_task_has_one_end(int seed)
    {
        var random = new Random(seed);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMonitoring().AddTaskQueue(options =>
        {
            (options.Workers, options.Capacity, options.DelayedCapacity) = (random.Next(1, 7), random.Next(4, 64), random.Next(1, 40));
            options.FullMode = (TaskQueueFullMode)random.Next(3);
            (options.MaxAttempts, options.DeadLetterCapacity) = (random.Next(1, 4), 100_000);
            (options.RetryBaseDelay, options.RetryMaxDelay) = (TimeSpan.FromMilliseconds(random.Next(0, 20)), TimeSpan.FromSeconds(5));
            (options.TaskTimeout, options.StuckAfter) = (TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100));
            options.MaxStuckTasks = random.Next(0, 4);
            options.DrainTimeout = TimeSpan.FromMilliseconds(random.Next(0, 500));
            options.Types["limited"] = new TaskTypeOptions { MaxConcurrency = random.Next(1, 3) };
        });
        using var host = builder.Build();
        await host.StartAsync();
        var queue = host.Services.GetRequiredService<IBackgroundTaskQueue>();
        var bounded = host.Services.GetRequiredService<BoundedTaskQueue>();
        var processor = host.Services.GetRequiredService<TaskProcessor>();
        var monitor = host.Services.GetRequiredService<IPerformanceMonitor>();
        var producers = Enumerable.Range(0, Producers).Select(number => Task.Run(() => ProduceAsync(queue, new Random((seed * 100) + number)))).ToArray();

        // Where few workers are all stuck for good, no more is done.
        await Eventually.HoldsAsync(() => monitor.GetTaskQueueSummary() is { Completed: > 200 } or { Completed: > 0, StuckTasks: > 0 });
        await ChangeOfSettingsAsync(random, processor, bounded);

        await host.StopAsync();
        await Task.WhenAll(producers);

        await Eventually.HoldsAsync(() => monitor.GetTaskQueueSummary() is var now && now.Completed + now.Failed + now.Dropped + now.Undone == _accepted.Count);
        await HoldsAsync();
        _end.TrySetResult();
        await processor.ExecuteTask!;
        await HoldsAsync();

        async Task HoldsAsync()
        {
            var summary = monitor.GetTaskQueueSummary();
            var (letters, undone) = (await bounded.GetDeadLettersAsync(10_000), processor.UndoneTasks);
            summary.Enqueued.Should().Be(_accepted.Count);
            (summary.Completed + summary.Failed + summary.Dropped + summary.Undone).Should().Be(_accepted.Count, Describe(summary));
            summary.Should().BeEquivalentTo(new { CurrentDepth = 0, Delayed = 0, AwaitingRetry = 0, Workers = 0, StuckTasks = 0 });
            undone.Should().OnlyHaveUniqueItems().And.HaveCount((int)summary.Undone);
            letters.Count.Should().Be((int)(summary.Failed + summary.Dropped));
            var ends = undone.Select(static task => task.Id).Concat(letters.Select(static letter => letter.Id)).ToList();
            ends.Should().OnlyHaveUniqueItems();
            ends.AddRange(_done.Keys.Except(ends));
            ends.ToHashSet().SetEquals(_accepted.Keys).Should().BeTrue("nothing else has an end, and nothing has none");
        }
    }

    private static string Describe(TaskQueueSummary summary) =>
        $"{summary.Completed} completed, {summary.Failed} failed, {summary.Dropped} dropped, {summary.Undone} undone";

    private static async Task ChangeOfSettingsAsync(Random random, TaskProcessor processor, BoundedTaskQueue queue)
    {
        switch (random.Next(4))
        {
            case 0:
                await queue.PauseAsync();
                break;
            case 1:
                await queue.PauseAsync();
                await Task.Delay(random.Next(1, 50));
                await queue.ResumeAsync();
                break;
            case 2:
                var options = new TaskQueueOptions { Workers = random.Next(1, 7), TaskTimeout = TimeSpan.FromMilliseconds(20), StuckAfter = TimeSpan.FromMilliseconds(100) };
                options.Types["limited"] = new TaskTypeOptions { MaxConcurrency = 1 };
                processor.Reload(options);
                break;
            default:
                break;
        }
    }

    private async Task ProduceAsync(IBackgroundTaskQueue queue, Random random)
    {
        while (true)
        {
            BackgroundTask task = null!;
            var kind = random.Next(60);
            task = BackgroundTask.Create(token => WorkAsync(task, kind, token), (TaskPriority)random.Next(3), random.Next(4) == 0 ? "limited" : "free");
            task.DeduplicationKey = random.Next(10) == 0 ? $"key {random.Next(5)}" : null;
            task.Delay = random.Next(20) == 0 ? TimeSpan.FromMilliseconds(random.Next(1, 2_000)) : TimeSpan.Zero;
            try
            {
                if (await queue.EnqueueAsync(task) != EnqueueOutcome.Duplicate)
                {
                    _accepted.TryAdd(task.Id, task).Should().BeTrue();
                }
            }
            catch (TaskQueueFullException)
            {
                await Task.Yield();
            }
            catch (TaskQueueStoppedException)
            {
                return;
            }
        }
    }

    private async ValueTask WorkAsync(BackgroundTask task, int kind, CancellationToken token)
    {
        switch (kind)
        {
            case 0 or 1 or 2:
                throw new IOException("at once");
            case 3:
                await Task.Delay(Timeout.Infinite, token);
                break;
            case 4 or 5:
                await Task.Delay(1, CancellationToken.None);
                throw new IOException("later");
            case 6:
                // Stuck for a moment, or until the host has left.
                await Task.WhenAny(_end.Task, Task.Delay(task.Id[0] < '8' ? 200 : 60_000, CancellationToken.None));
                break;
            case < 30:
                await Task.Yield();
                break;
        }

        _done[task.Id] = true;
    }
}
