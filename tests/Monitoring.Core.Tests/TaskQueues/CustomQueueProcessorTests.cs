using System.Threading.Channels;
using Monitoring.TaskQueues;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>A queue of somebody's own, which only puts in and takes out: retries and dead letters are the processor's.</summary>
public sealed class CustomQueueProcessorTests : ProcessorTesting
{
    private readonly ChannelQueue _own = new();

    private IManagedTaskQueue Managed => Monitor.TaskQueue.ManagedQueues.Single();

    [Fact]
    public async Task Repeats_a_failed_task_after_its_back_off_through_the_queue()
    {
        (Options.RetryBaseDelay, Options.MaxAttempts) = (TimeSpan.FromSeconds(10), 2);
        await StartAsync(_own);
        var attempts = 0;
        await Queue.QueueBackgroundWorkItemAsync(_ => Interlocked.Increment(ref attempts) < 2 ? throw new IOException("not yet") : ValueTask.CompletedTask);
        await Eventually.HoldsAsync(() => Summary is { Retried: 1, AwaitingRetry: 1, Delayed: 1 });

        Time.Advance(TimeSpan.FromSeconds(10.1));

        await Eventually.HoldsAsync(() => Summary is { Completed: 1, AwaitingRetry: 0, Enqueued: 1 });
    }

    [Fact]
    public async Task A_retry_that_the_queue_has_no_place_for_is_run_by_the_next_worker()
    {
        await StartAsync(_own);
        var attempts = 0;
        await Queue.QueueBackgroundWorkItemAsync(_ => Interlocked.Increment(ref attempts) < 2 ? throw new IOException("not yet") : ValueTask.CompletedTask);
        await Eventually.HoldsAsync(() => Summary.AwaitingRetry == 1);
        _own.Refuses = true;

        Time.Advance(TimeSpan.FromSeconds(1.1));

        await Eventually.HoldsAsync(() => Summary is { Completed: 1, AwaitingRetry: 0 }, "although all of them slept");
    }

    [Fact]
    public async Task Dead_letters_are_kept_and_can_be_re_driven()
    {
        Options.MaxAttempts = 1;
        await StartAsync(_own);
        var fails = true;
        var task = BackgroundTask.Create(_ => Volatile.Read(ref fails) ? throw new IOException("never") : ValueTask.CompletedTask, TaskPriority.High, "mail");
        await Queue.EnqueueAsync(task);
        await Eventually.HoldsAsync(() => Summary is { Failed: 1, DeadLetters: 1 });
        (await Managed.GetDeadLettersAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { task.Id, TypeName = "mail", Priority = TaskPriority.High, Attempts = 1, Reason = DeadLetterReason.AttemptsExhausted, Message = "never" });
        _own.Refuses = true;
        (await Managed.RedriveAsync(task.Id)).Should().Be(0, "the queue does not take it");
        (_own.Refuses, fails) = (false, false);

        (await Managed.RedriveAsync(task.Id)).Should().Be(1);

        await Eventually.HoldsAsync(() => Summary is { Completed: 1, DeadLetters: 0 });
    }

    [Fact]
    public async Task Can_be_paused()
    {
        await StartAsync(_own);
        await Managed.PauseAsync();
        Summary.IsPaused.Should().BeTrue();
        var held = await HoldAsync();
        Time.Advance(TimeSpan.FromMinutes(1));
        held.Starts.Should().Be(0);

        await Managed.ResumeAsync();

        await Eventually.HoldsAsync(() => held.Starts == 1);
        held.Complete();
        await Eventually.HoldsAsync(() => Summary is { Completed: 1, IsPaused: false });
    }

    [Fact]
    public async Task At_stop_what_was_taken_is_done_retries_included_and_what_waits_stays_in_the_queue()
    {
        (Options.Workers, Options.RetryBaseDelay, Options.RetryMaxDelay) = (1, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        await StartAsync(_own);
        var attempts = 0;
        await Queue.QueueBackgroundWorkItemAsync(_ => Interlocked.Increment(ref attempts) < 2 ? throw new IOException("once") : ValueTask.CompletedTask);
        await Eventually.HoldsAsync(() => Summary.AwaitingRetry == 1);
        var held = await HoldAsync();
        await Eventually.HoldsAsync(() => held.Starts == 1);
        await Queue.QueueBackgroundWorkItemAsync(static _ => ValueTask.CompletedTask);

        var stop = Processor.StopAsync(default);
        held.Complete();
        await Eventually.HoldsAsync(() => Summary.Completed == 1);
        Time.Advance(TimeSpan.FromSeconds(2.1));
        await Eventually.HoldsAsync(() => Summary.Completed == 2);
        await UntilAsync(() => stop.IsCompleted);

        Summary.Should().BeEquivalentTo(new { Completed = 2, Retried = 1, Undone = 0 });
        _own.GetDepth().Total.Should().Be(1);
    }

    [Fact]
    public async Task A_type_limit_holds_here_too()
    {
        Options.Types["export"] = new TaskTypeOptions { MaxConcurrency = 1 };
        await StartAsync(_own);
        Held[] exports = [await HoldAsync("export"), await HoldAsync("export")];
        await Queue.QueueBackgroundWorkItemAsync(static _ => ValueTask.CompletedTask);
        await Eventually.HoldsAsync(() => Summary is { Completed: 1, BusyWorkers: 1, CurrentDepth: 1 });

        Array.ForEach(exports, static task => task.Complete());

        await Eventually.HoldsAsync(() => Summary.Completed == 3);
    }

    private sealed class ChannelQueue : IBackgroundTaskQueue
    {
        private readonly Channel<BackgroundTask> _channel = Channel.CreateUnbounded<BackgroundTask>();

        public bool Refuses { get; set; }

        public async ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default)
        {
            await _channel.Writer.WriteAsync(task, cancellationToken);
            return EnqueueOutcome.Accepted;
        }

        public bool TryEnqueue(BackgroundTask task) => !Refuses && _channel.Writer.TryWrite(task);

        public ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken) => _channel.Reader.ReadAsync(cancellationToken);

        public TaskQueueDepth GetDepth() => new(0, _channel.Reader.Count, 0);
    }
}
