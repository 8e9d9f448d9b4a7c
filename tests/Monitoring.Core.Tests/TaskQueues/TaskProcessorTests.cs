using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;
using NSubstitute;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>What becomes of a task: time on a fake clock, workers on real threads.</summary>
public sealed class TaskProcessorTests : ProcessorTesting
{
    public TaskProcessorTests() => Options.Capacity = 10;

    [Fact]
    public async Task Runs_every_task_and_counts_it()
    {
        await StartAsync();
        var ran = 0;
        for (var i = 0; i < 100; i++)
        {
            await Queue.EnqueueAsync(BackgroundTask.Create(_ => Count(ref ran)));
        }

        await Eventually.HoldsAsync(() => Summary.Completed == 100);

        ran.Should().Be(100);
        Summary.Should().BeEquivalentTo(new { Enqueued = 100, Completed = 100, Failed = 0, Retried = 0, CurrentDepth = 0, Workers = 2, Capacity = 10 });
    }

    [Fact]
    public async Task Repeats_a_failed_task_after_its_back_off_and_not_before()
    {
        (Options.RetryBaseDelay, Options.MaxAttempts) = (TimeSpan.FromSeconds(10), 3);
        await StartAsync();
        var attempts = 0;
        await Queue.QueueBackgroundWorkItemAsync(_ => Interlocked.Increment(ref attempts) < 3 ? throw new IOException("not yet") : ValueTask.CompletedTask);
        await Eventually.HoldsAsync(() => Summary is { Retried: 1, AwaitingRetry: 1 });

        Time.Advance(TimeSpan.FromSeconds(4.9));
        attempts.Should().Be(1, "half of the back-off is fixed");
        Time.Advance(TimeSpan.FromSeconds(5.2));
        await Eventually.HoldsAsync(() => Summary is { Retried: 2, AwaitingRetry: 1 });
        Time.Advance(TimeSpan.FromSeconds(20.1));
        await Eventually.HoldsAsync(() => Summary.Completed == 1);

        attempts.Should().Be(3);
        Summary.Should().BeEquivalentTo(new { Enqueued = 1, Failed = 0, Retried = 2, DeadLettered = 0, AwaitingRetry = 0 });
    }

    [Fact]
    public async Task Gives_a_task_up_when_its_attempts_are_used_up()
    {
        (Options.RetryBaseDelay, Options.RetryMaxDelay, Options.MaxAttempts) = (TimeSpan.Zero, TimeSpan.Zero, 4);
        await StartAsync();
        var attempts = 0;
        await Queue.QueueBackgroundWorkItemAsync(_ =>
        {
            Interlocked.Increment(ref attempts);
            throw new IOException("never");
        });

        await UntilAsync(() => Summary.Failed == 1);

        attempts.Should().Be(4);
        Summary.Should().BeEquivalentTo(new { Retried = 3, DeadLettered = 1, Completed = 0, TimedOut = 0 });
    }

    [Fact]
    public async Task No_exception_ends_a_worker()
    {
        (Options.Workers, Options.MaxAttempts) = (1, 1);
        await StartAsync();
        Func<CancellationToken, ValueTask>[] failures =
        [
            _ => throw new InvalidOperationException("at once"),
            async _ =>
            {
                await Task.Yield();
                throw new InvalidOperationException("later");
            },
            _ => ValueTask.FromCanceled(new CancellationToken(canceled: true)),
            _ => throw new OperationCanceledException("its own"),
        ];

        foreach (var failure in failures)
        {
            await Queue.QueueBackgroundWorkItemAsync(failure);
        }

        await Queue.QueueBackgroundWorkItemAsync(_ => ValueTask.CompletedTask);
        await Eventually.HoldsAsync(() => Summary.Completed == 1);

        Summary.Should().BeEquivalentTo(new { Failed = 4, TimedOut = 0, Undone = 0 }, "a cancellation of the task's own is a failure like any other");
    }

    [Fact]
    public async Task A_log_that_throws_loses_no_task()
    {
        (Options.RetryBaseDelay, Options.RetryMaxDelay, Options.MaxAttempts) = (TimeSpan.Zero, TimeSpan.Zero, 2);
        var logger = Substitute.For<ILogger<TaskProcessor>>();
        logger.IsEnabled(default).ReturnsForAnyArgs(_ => throw new IOException("the log's disk is full"));
        await StartAsync(logger: logger);

        await Queue.QueueBackgroundWorkItemAsync(_ => throw new IOException("never"));

        await UntilAsync(() => Summary.Failed == 1);
        Summary.Retried.Should().Be(1);
    }

    [Fact]
    public async Task Cancels_an_attempt_when_its_time_is_over()
    {
        (Options.TaskTimeout, Options.MaxAttempts) = (TimeSpan.FromSeconds(30), 1);
        await StartAsync();
        var canceled = 0;
        await Queue.QueueBackgroundWorkItemAsync(token => UntilCanceledAsync(token, () => canceled++));
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);

        Time.Advance(TimeSpan.FromSeconds(29.9));
        canceled.Should().Be(0);
        Time.Advance(TimeSpan.FromSeconds(0.2));

        await Eventually.HoldsAsync(() => Summary.Failed == 1);
        canceled.Should().Be(1);
        Summary.Should().BeEquivalentTo(new { TimedOut = 1, DeadLettered = 1, Retried = 0 });
    }

    [Fact]
    public async Task A_tasks_own_timeout_goes_before_the_setting()
    {
        (Options.MaxAttempts, Options.Workers) = (1, 1);
        await StartAsync();

        // The long one arms the timer; the short one after it must not wait for that.
        await Queue.EnqueueAsync(BackgroundTask.Create(_ => ValueTask.CompletedTask, timeout: TimeSpan.FromHours(1)));
        await Queue.EnqueueAsync(BackgroundTask.Create(token => UntilCanceledAsync(token), timeout: TimeSpan.FromSeconds(2)));
        await Eventually.HoldsAsync(() => Summary is { Completed: 1, BusyWorkers: 1 });
        Time.Advance(TimeSpan.FromSeconds(2.1));

        await Eventually.HoldsAsync(() => Summary.TimedOut == 1);
    }

    [Fact]
    public async Task A_task_that_is_late_but_done_is_done()
    {
        await StartAsync();
        var goOn = new TaskCompletionSource();
        await Queue.QueueBackgroundWorkItemAsync(async _ => await goOn.Task);
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);

        Time.Advance(TimeSpan.FromMinutes(5));
        goOn.SetResult();

        await Eventually.HoldsAsync(() => Summary.Completed == 1);
        Summary.TimedOut.Should().Be(0);
    }

    [Fact]
    public async Task The_timeout_of_one_task_leaves_the_next_alone()
    {
        (Options.Workers, Options.MaxAttempts) = (1, 1);
        await StartAsync();
        CancellationToken next = default;
        await Queue.QueueBackgroundWorkItemAsync(token => UntilCanceledAsync(token));
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);
        Time.Advance(TimeSpan.FromSeconds(31));
        await Eventually.HoldsAsync(() => Summary.Failed == 1);

        var goOn = new TaskCompletionSource();
        await Queue.QueueBackgroundWorkItemAsync(async token =>
        {
            next = token;
            await goOn.Task;
        });
        await Eventually.HoldsAsync(() => next.CanBeCanceled);
        Time.Advance(TimeSpan.FromSeconds(29));

        next.IsCancellationRequested.Should().BeFalse();
        goOn.SetResult();
        await Eventually.HoldsAsync(() => Summary.Completed == 1);
    }

    [Fact]
    public async Task Disposes_the_scope_of_each_attempt()
    {
        (Options.RetryBaseDelay, Options.RetryMaxDelay, Options.MaxAttempts) = (TimeSpan.Zero, TimeSpan.Zero, 2);
        await StartAsync();
        var used = new List<Disposable>();
        await Queue.EnqueueAsync(BackgroundTask.Create((services, _) =>
        {
            used.Add(services.GetRequiredService<Disposable>());
            throw new IOException("never");
        }));

        await UntilAsync(() => Summary.Failed == 1);

        used.Should().HaveCount(2).And.OnlyHaveUniqueItems().And.OnlyContain(disposable => disposable.IsDisposed);
    }

    [Fact]
    public async Task A_full_schedule_of_retries_slows_the_failing_down_and_loses_none()
    {
        (Options.Workers, Options.Capacity, Options.DelayedCapacity, Options.MaxAttempts) = (1, 2, 2, 2);
        (Options.RetryBaseDelay, Options.RetryMaxDelay) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        await StartAsync();
        var enqueues = Enumerable.Range(0, 8).Select(_ => Queue.QueueBackgroundWorkItemAsync(_ => throw new IOException("never")).AsTask()).ToArray();
        await Eventually.HoldsAsync(() => Summary is { Retried: 3, AwaitingRetry: 2 });

        await UntilAsync(() => Summary.Failed == 8);

        await Task.WhenAll(enqueues);
        Summary.Should().BeEquivalentTo(new { Enqueued = 8, Retried = 8, CurrentDepth = 0, AwaitingRetry = 0 });
    }

    [Fact]
    public async Task A_retry_that_falls_due_while_theQueue_is_full_waits_its_turn()
    {
        (Options.Workers, Options.Capacity, Options.MaxAttempts) = (1, 1, 2);
        await StartAsync();
        var order = new List<string>();
        var goOn = new TaskCompletionSource();
        var failing = BackgroundTask.Create(_ =>
        {
            order.Add("failing");
            return order.Count == 1 ? throw new IOException("once") : ValueTask.CompletedTask;
        });
        await Queue.EnqueueAsync(failing);
        await Eventually.HoldsAsync(() => Summary.AwaitingRetry == 1);
        await Queue.QueueBackgroundWorkItemAsync(async _ => await goOn.Task);
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);
        await Queue.QueueBackgroundWorkItemAsync(_ => { order.Add("waiting"); return ValueTask.CompletedTask; });

        Time.Advance(TimeSpan.FromSeconds(2));
        goOn.SetResult();

        await Eventually.HoldsAsync(() => Summary.Completed == 3);
        order.Should().Equal("failing", "waiting", "failing");
    }

    private static ValueTask Count(ref int count)
    {
        Interlocked.Increment(ref count);
        return ValueTask.CompletedTask;
    }

    private static async ValueTask UntilCanceledAsync(CancellationToken token, Action? onCanceled = null)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, token);
        }
        catch (OperationCanceledException)
        {
            onCanceled?.Invoke();
            throw;
        }
    }
}
