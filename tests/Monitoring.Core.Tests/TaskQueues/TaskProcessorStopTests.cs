using Microsoft.Extensions.DependencyInjection;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>At stop nothing that was accepted goes missing: accepted = completed + failed + undone.</summary>
public sealed class TaskProcessorStopTests : IDisposable
{
    private readonly FakeClock _time = new();
    private readonly PerformanceMonitor _monitor;
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly TaskQueueOptions _options = new() { Workers = 2, Capacity = 100, DrainTimeout = TimeSpan.FromSeconds(20) };

    public TaskProcessorStopTests() => _monitor = PerformanceMonitor.Create(timeProvider: _time);

    private TaskQueueSummary Summary => _monitor.TaskQueue.GetSummary();

    public void Dispose()
    {
        _monitor.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Does_everything_it_accepted_and_refuses_the_rest()
    {
        var (queue, processor) = await StartAsync();
        var goOn = new TaskCompletionSource();
        for (var i = 0; i < 10; i++)
        {
            await queue.QueueBackgroundWorkItemAsync(async _ => await goOn.Task);
        }

        var stop = processor.StopAsync(default);
        queue.TryEnqueue(BackgroundTask.Create(_ => ValueTask.CompletedTask)).Should().BeFalse();
        stop.IsCompleted.Should().BeFalse();
        goOn.SetResult();
        await stop;

        Summary.Should().BeEquivalentTo(new { Enqueued = 10, Completed = 10, Undone = 0, Rejected = 1, Workers = 0, BusyWorkers = 0 });
        processor.UndoneTasks.Should().BeEmpty();
    }

    [Fact]
    public async Task Waits_for_retries_too()
    {
        var (queue, processor) = await StartAsync();
        var attempts = 0;
        await queue.QueueBackgroundWorkItemAsync(_ => Interlocked.Increment(ref attempts) == 1 ? throw new IOException("once") : ValueTask.CompletedTask);
        await Eventually.HoldsAsync(() => Summary.AwaitingRetry == 1);

        var stop = processor.StopAsync(default);
        _time.Advance(TimeSpan.FromSeconds(1));
        await stop;

        Summary.Should().BeEquivalentTo(new { Completed = 1, Retried = 1, Undone = 0 });
    }

    [Fact]
    public async Task Cancels_and_reports_what_is_not_done_in_time()
    {
        (_options.RetryBaseDelay, _options.RetryMaxDelay) = (TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2));
        var (queue, processor) = await StartAsync();
        await queue.QueueBackgroundWorkItemAsync(_ => ValueTask.CompletedTask);
        await queue.QueueBackgroundWorkItemAsync(_ => throw new IOException("back in two minutes"));
        await Eventually.HoldsAsync(() => Summary is { Completed: 1, AwaitingRetry: 1 });
        for (var i = 0; i < 5; i++)
        {
            await queue.EnqueueAsync(BackgroundTask.Create(async token => await Task.Delay(Timeout.Infinite, token), timeout: TimeSpan.FromHours(1)));
        }

        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 2);
        var stop = processor.StopAsync(default);
        _time.Advance(TimeSpan.FromSeconds(20));
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 0);
        _time.Advance(TimeSpan.FromSeconds(1));
        await stop;

        Summary.Should().BeEquivalentTo(new { Enqueued = 7, Completed = 1, Failed = 0, Undone = 6, CurrentDepth = 0 });
        processor.UndoneTasks.Should().HaveCount(6).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Leaves_a_task_behind_that_ignores_its_token_and_counts_it_once()
    {
        var (queue, processor) = await StartAsync();
        var goOn = new TaskCompletionSource();
        var ended = false;
        await queue.QueueBackgroundWorkItemAsync(async _ =>
        {
            await goOn.Task;
            ended = true;
        });
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);

        var stop = processor.StopAsync(default);
        await Eventually.HoldsAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return stop.IsCompleted;
        });
        goOn.SetResult();
        await Eventually.HoldsAsync(() => ended);
        await processor.ExecuteTask!;

        Summary.Should().BeEquivalentTo(new { Enqueued = 1, Completed = 0, Undone = 1 });
        processor.UndoneTasks.Should().ContainSingle();
    }

    [Fact]
    public async Task A_host_without_patience_cuts_the_drain_short()
    {
        var (queue, processor) = await StartAsync();
        await queue.QueueBackgroundWorkItemAsync(async token => await Task.Delay(Timeout.Infinite, token));
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);

        await processor.StopAsync(new CancellationToken(canceled: true));

        (Summary.Enqueued, Summary.Completed + Summary.Failed + Summary.Undone).Should().Be((1, 1));
    }

    [Fact]
    public async Task Reports_what_was_accepted_by_a_processor_that_never_started()
    {
        var queue = new BoundedTaskQueue(_options, _time).WithMonitoring(_monitor);
        using var processor = new TaskProcessor(queue, _options, _services.GetRequiredService<IServiceScopeFactory>(), _monitor, _time);
        await queue.QueueBackgroundWorkItemAsync(_ => ValueTask.CompletedTask);

        await processor.StopAsync(default);

        processor.UndoneTasks.Should().ContainSingle();
        Summary.Undone.Should().Be(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_sum_adds_up_when_it_stops_in_the_middle_of_everything(int seed)
    {
        // Real time: many threads enqueue while the host stops, tasks fail, are slow, time out and are repeated.
        using var monitor = PerformanceMonitor.Create();
        var options = new TaskQueueOptions
        {
            Workers = 4,
            Capacity = 16,
            MaxAttempts = 2,
            RetryBaseDelay = TimeSpan.FromMilliseconds(5),
            RetryMaxDelay = TimeSpan.FromMilliseconds(50),
            TaskTimeout = TimeSpan.FromMilliseconds(20),
            DrainTimeout = TimeSpan.FromMilliseconds(60),
        };
        var queue = new BoundedTaskQueue(options).WithMonitoring(monitor);
        using var processor = new TaskProcessor(queue, options, _services.GetRequiredService<IServiceScopeFactory>(), monitor);
        await processor.StartAsync(default);
        var accepted = 0;
        var producers = Enumerable.Range(0, 4).Select(number => Task.Run(async () =>
        {
            var random = new Random((seed * 100) + number);
            while (true)
            {
                var kind = random.Next(20);
                var task = BackgroundTask.Create(token => WorkAsync(kind, token), (TaskPriority)random.Next(3));
                try
                {
                    await queue.EnqueueAsync(task);
                    Interlocked.Increment(ref accepted);
                }
                catch (TaskQueueStoppedException)
                {
                    return;
                }
            }
        })).ToArray();

        await Eventually.HoldsAsync(() => monitor.TaskQueue.GetSummary().Completed > 200);
        await processor.StopAsync(default);
        await Task.WhenAll(producers);
        await processor.ExecuteTask!;

        var summary = monitor.TaskQueue.GetSummary();
        summary.Enqueued.Should().Be(accepted);
        (summary.Completed + summary.Failed + summary.Undone).Should().Be(accepted);
        summary.Undone.Should().Be(processor.UndoneTasks.Count);
        processor.UndoneTasks.Should().OnlyHaveUniqueItems();
        (summary.CurrentDepth, summary.AwaitingRetry).Should().Be((0, 0));
    }

    private static async ValueTask WorkAsync(int kind, CancellationToken token)
    {
        switch (kind)
        {
            case 0:
                throw new IOException("at once");
            case 1:
                await Task.Delay(Timeout.Infinite, token);
                break;
            case 2:
                await Task.Delay(1, CancellationToken.None);
                throw new IOException("later");
            case < 10:
                await Task.Yield();
                break;
        }
    }

    private async Task<(IBackgroundTaskQueue Queue, TaskProcessor Processor)> StartAsync()
    {
        var queue = new BoundedTaskQueue(_options, _time).WithMonitoring(_monitor);
        var processor = new TaskProcessor(queue, _options, _services.GetRequiredService<IServiceScopeFactory>(), _monitor, _time);
        await processor.StartAsync(default);
        await Eventually.HoldsAsync(() => Summary.Workers == _options.Workers);
        return (queue, processor);
    }
}
