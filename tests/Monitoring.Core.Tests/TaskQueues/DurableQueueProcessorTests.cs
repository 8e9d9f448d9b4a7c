using System.Collections.Concurrent;
using Monitoring.TaskQueues;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>A queue that outlives the process: what is not done here goes back to it, and nothing is undone.</summary>
public sealed class DurableQueueProcessorTests : ProcessorTesting
{
    private readonly DurableQueue _durable;

    public DurableQueueProcessorTests()
    {
        (Options.RetryBaseDelay, Options.RetryMaxDelay) = (TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));
        _durable = new DurableQueue(new BoundedTaskQueue(Options, Time));
    }

    [Fact]
    public async Task Hears_once_of_each_task_whatever_became_of_it()
    {
        Options.MaxAttempts = 2;
        await StartAsync(_durable);
        var attempts = 0;
        await Queue.QueueBackgroundWorkItemAsync(static _ => ValueTask.CompletedTask);
        await Queue.QueueBackgroundWorkItemAsync(_ => Interlocked.Increment(ref attempts) == 1 ? throw new IOException("once") : ValueTask.CompletedTask);
        await Queue.QueueBackgroundWorkItemAsync(static _ => throw new IOException("never"));
        await Eventually.HoldsAsync(() => Summary is { Completed: 1, Retried: 2, Delayed: 2 });

        Time.Advance(TimeSpan.FromMinutes(6));

        await Eventually.HoldsAsync(() => Summary is { Completed: 2, Failed: 1 });
        _durable.Calls.Order().Should().Equal("complete", "complete", "dead", "retry", "retry");
    }

    [Fact]
    public async Task At_stop_it_gets_back_what_has_not_begun_at_once_and_keeps_what_waits()
    {
        Options.Types["limited"] = new TaskTypeOptions { MaxConcurrency = 1 };
        await StartAsync(_durable);
        var running = await HoldAsync("limited");
        await Eventually.HoldsAsync(() => running.Starts == 1);
        await HoldAsync("limited");
        await Eventually.HoldsAsync(() => _durable.GetDepth().Total == 0 && Summary.CurrentDepth == 1);
        var other = await HoldAsync();
        await Eventually.HoldsAsync(() => other.Starts == 1);
        await Queue.QueueBackgroundWorkItemAsync(static _ => ValueTask.CompletedTask);

        var stop = Processor.StopAsync(default);
        await Eventually.HoldsAsync(() => _durable.Calls.SequenceEqual(["return"]));
        stop.IsCompleted.Should().BeFalse("what runs has time");
        running.Complete();
        other.Fail();
        await stop;

        _durable.Calls.Order().Should().Equal("complete", "retry", "return");
        Summary.Should().BeEquivalentTo(new { Completed = 1, Retried = 1, Undone = 0 });
        Processor.UndoneTasks.Should().BeEmpty();
        _durable.GetDepth().Should().BeEquivalentTo(new { Total = 1, Delayed = 1 });
    }

    [Fact]
    public async Task What_is_cancelled_at_the_end_of_the_drain_goes_back_and_what_ignores_that_is_left_to_be_delivered_anew()
    {
        Options.DrainTimeout = TimeSpan.FromSeconds(3);
        await StartAsync(_durable);
        var ignoring = await HoldAsync();
        await Queue.EnqueueAsync(BackgroundTask.Create(static async token => await Task.Delay(Timeout.Infinite, token)));
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 2);

        var stop = Processor.StopAsync(default);
        Time.Advance(TimeSpan.FromSeconds(3));
        await Eventually.HoldsAsync(() => _durable.Calls.SequenceEqual(["return"]));
        await UntilAsync(() => stop.IsCompleted);
        _durable.Calls.Should().Equal("return");
        ignoring.Complete();
        await Processor.ExecuteTask!;

        _durable.Calls.Should().Equal("return");
        Summary.Should().BeEquivalentTo(new { Completed = 0, Failed = 0, Undone = 0 });
    }

    [Fact]
    public async Task One_that_throws_in_spite_of_its_promise_ends_no_worker()
    {
        (Options.Workers, Options.MaxAttempts, _durable.Throws) = (1, 1, true);
        await StartAsync(_durable);
        await Queue.QueueBackgroundWorkItemAsync(static _ => ValueTask.CompletedTask);
        await Queue.QueueBackgroundWorkItemAsync(static _ => throw new IOException("never"));
        await Queue.QueueBackgroundWorkItemAsync(static _ => ValueTask.CompletedTask);

        await Eventually.HoldsAsync(() => Summary is { Completed: 2, Failed: 1, BusyWorkers: 0 });
    }

    /// <summary>Answers late, as a server does.</summary>
    private sealed class DurableQueue(BoundedTaskQueue queue) : ISettlingTaskQueue
    {
        public ConcurrentQueue<string> Calls { get; } = new();

        public bool Throws { get; set; }

        public ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default) => queue.EnqueueAsync(task, cancellationToken);

        public bool TryEnqueue(BackgroundTask task) => queue.TryEnqueue(task);

        public ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken) => queue.DequeueAsync(cancellationToken);

        public TaskQueueDepth GetDepth() => queue.GetDepth();

        public async ValueTask CompleteAsync(BackgroundTask task)
        {
            await HearAsync("complete");
            await queue.Settling().CompleteAsync(task);
        }

        public async ValueTask<bool> TryRetryAsync(BackgroundTask task, TimeSpan delay)
        {
            await HearAsync("retry");
            return await queue.Settling().TryRetryAsync(task, delay);
        }

        public async ValueTask DeadLetterAsync(BackgroundTask task, DeadLetter letter)
        {
            await HearAsync("dead");
            await queue.Settling().DeadLetterAsync(task, letter);
        }

        public async ValueTask<bool> TryReturnAsync(BackgroundTask task)
        {
            await HearAsync("return");
            return true;
        }

        private async Task HearAsync(string call)
        {
            await Task.Yield();
            if (Throws)
            {
                throw new IOException("the server is away");
            }

            Calls.Enqueue(call);
        }
    }
}
