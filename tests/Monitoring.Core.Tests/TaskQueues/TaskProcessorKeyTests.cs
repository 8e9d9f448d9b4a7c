using Monitoring.TaskQueues;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>A task holds its deduplication key until its end, whichever that is, and not a moment longer.</summary>
public sealed class TaskProcessorKeyTests : ProcessorTesting
{
    [Fact]
    public async Task A_key_is_free_again_when_its_task_is_done()
    {
        await StartAsync();
        var held = new Held();
        (await EnqueueAsync(held.RunAsync)).Should().Be(EnqueueOutcome.Accepted);
        await Eventually.HoldsAsync(() => held.Starts == 1);
        (await EnqueueAsync(held.RunAsync)).Should().Be(EnqueueOutcome.Duplicate);

        held.Complete();

        await Eventually.HoldsAsync(() => Summary.Completed == 1);
        (await EnqueueAsync(static _ => ValueTask.CompletedTask)).Should().Be(EnqueueOutcome.Accepted);
    }

    [Fact]
    public async Task It_is_held_between_two_attempts_and_free_when_the_task_is_given_up()
    {
        (Options.MaxAttempts, Options.RetryBaseDelay) = (2, TimeSpan.FromSeconds(10));
        await StartAsync();
        await EnqueueAsync(static _ => throw new IOException("never"));
        await Eventually.HoldsAsync(() => Summary.AwaitingRetry == 1);
        (await EnqueueAsync(static _ => ValueTask.CompletedTask)).Should().Be(EnqueueOutcome.Duplicate);

        await UntilAsync(() => Summary.Failed == 1);

        (await EnqueueAsync(static _ => ValueTask.CompletedTask)).Should().Be(EnqueueOutcome.Accepted);
    }

    [Fact]
    public async Task The_queue_is_told_of_every_task_that_is_undone()
    {
        // One that runs on, one that is cancelled, one that waits for its type, one for its time, one for its retry, one in line.
        (Options.Workers, Options.DrainTimeout, Options.RetryBaseDelay) = (3, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Options.Types["limited"] = new TaskTypeOptions { MaxConcurrency = 1 };
        var queue = new RecordingQueue(new BoundedTaskQueue(Options, Time));
        await StartAsync(queue);
        await queue.EnqueueAsync(BackgroundTask.Create(static _ => throw new IOException("once")));
        await Eventually.HoldsAsync(() => queue.Retried == 1);
        var ignoring = await HoldAsync("limited");
        await Eventually.HoldsAsync(() => ignoring.Starts == 1);
        await HoldAsync("limited");
        await Eventually.HoldsAsync(() => Summary.CurrentDepth == 1 && queue.GetDepth().Total == 0);
        await Queue.QueueBackgroundWorkItemAsync(static async token => await Task.Delay(Timeout.Infinite, token));
        await Queue.QueueBackgroundWorkItemAsync(static async token => await Task.Delay(Timeout.Infinite, token));
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 3);
        var delayed = BackgroundTask.Create(static _ => ValueTask.CompletedTask);
        delayed.Delay = TimeSpan.FromHours(1);
        await Queue.EnqueueAsync(delayed);
        await Queue.QueueBackgroundWorkItemAsync(static _ => ValueTask.CompletedTask);

        var stop = Processor.StopAsync(default);
        await UntilAsync(() => stop.IsCompleted);
        ignoring.Complete();
        await Processor.ExecuteTask!;

        Processor.UndoneTasks.Should().HaveCount(7).And.OnlyHaveUniqueItems();
        queue.Returned.Should().BeEquivalentTo(Processor.UndoneTasks);
        queue.Completed.Should().Be(0);
    }

    private ValueTask<EnqueueOutcome> EnqueueAsync(Func<CancellationToken, ValueTask> work)
    {
        var task = BackgroundTask.Create(work);
        task.DeduplicationKey = "invoice 7";
        return Queue.EnqueueAsync(task);
    }

    /// <summary>The in-process queue, and what the processor tells it.</summary>
    private sealed class RecordingQueue(BoundedTaskQueue queue) : ISettlingTaskQueue, IDrainableTaskQueue
    {
        private readonly List<BackgroundTask> _returned = [];
        private int _retried;

        public int Retried => Volatile.Read(ref _retried);

        public int Completed { get; private set; }

        public long AcceptedCount => queue.Drainable().AcceptedCount;

        public IReadOnlyList<BackgroundTask> Returned
        {
            get
            {
                lock (_returned)
                {
                    return [.. _returned];
                }
            }
        }

        public ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default) => queue.EnqueueAsync(task, cancellationToken);

        public bool TryEnqueue(BackgroundTask task) => queue.TryEnqueue(task);

        public ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken) => queue.DequeueAsync(cancellationToken);

        public TaskQueueDepth GetDepth() => queue.GetDepth();

        public ValueTask CompleteAsync(BackgroundTask task)
        {
            Completed++;
            return queue.Settling().CompleteAsync(task);
        }

        public ValueTask<bool> TryRetryAsync(BackgroundTask task, TimeSpan delay)
        {
            Interlocked.Increment(ref _retried);
            return queue.Settling().TryRetryAsync(task, delay);
        }

        public ValueTask DeadLetterAsync(BackgroundTask task, DeadLetter letter) => queue.Settling().DeadLetterAsync(task, letter);

        public ValueTask<bool> TryReturnAsync(BackgroundTask task)
        {
            lock (_returned)
            {
                _returned.Add(task);
            }

            return queue.Settling().TryReturnAsync(task);
        }

        public void Stop() => queue.Stop();

        public IReadOnlyList<BackgroundTask> TakeLater(TimeSpan delay) => queue.Drainable().TakeLater(delay);

        public IReadOnlyList<BackgroundTask> TakeRemaining() => queue.Drainable().TakeRemaining();
    }
}
