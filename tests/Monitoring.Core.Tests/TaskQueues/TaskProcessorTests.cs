using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;
using NSubstitute;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>What becomes of a task: time on a fake clock, workers on real threads.</summary>
public sealed class TaskProcessorTests : IAsyncLifetime
{
    private readonly FakeClock _time = new();
    private readonly PerformanceMonitor _monitor;
    private readonly ServiceProvider _services = new ServiceCollection().AddScoped<Disposable>().BuildServiceProvider();
    private readonly TaskQueueOptions _options = new() { Workers = 2, Capacity = 10 };
    private IBackgroundTaskQueue _queue = null!;
    private TaskProcessor _processor = null!;

    public TaskProcessorTests() => _monitor = PerformanceMonitor.Create(timeProvider: _time);

    private TaskQueueSummary Summary => _monitor.TaskQueue.GetSummary();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_processor is not null)
        {
            await _processor.StopAsync(new CancellationToken(canceled: true));
            _processor.Dispose();
        }

        _monitor.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Runs_every_task_and_counts_it()
    {
        await StartAsync();
        var ran = 0;
        for (var i = 0; i < 100; i++)
        {
            await _queue.EnqueueAsync(BackgroundTask.Create(_ => Count(ref ran)));
        }

        await Eventually.HoldsAsync(() => Summary.Completed == 100);

        ran.Should().Be(100);
        Summary.Should().BeEquivalentTo(new { Enqueued = 100, Completed = 100, Failed = 0, Retried = 0, CurrentDepth = 0, Workers = 2, Capacity = 10 });
    }

    [Fact]
    public async Task Repeats_a_failed_task_after_its_back_off_and_not_before()
    {
        (_options.RetryBaseDelay, _options.MaxAttempts) = (TimeSpan.FromSeconds(10), 3);
        await StartAsync();
        var attempts = 0;
        await _queue.QueueBackgroundWorkItemAsync(_ => Interlocked.Increment(ref attempts) < 3 ? throw new IOException("not yet") : ValueTask.CompletedTask);
        await Eventually.HoldsAsync(() => Summary is { Retried: 1, AwaitingRetry: 1 });

        _time.Advance(TimeSpan.FromSeconds(4.9));
        attempts.Should().Be(1, "half of the back-off is fixed");
        _time.Advance(TimeSpan.FromSeconds(5.2));
        await Eventually.HoldsAsync(() => Summary is { Retried: 2, AwaitingRetry: 1 });
        _time.Advance(TimeSpan.FromSeconds(20.1));
        await Eventually.HoldsAsync(() => Summary.Completed == 1);

        attempts.Should().Be(3);
        Summary.Should().BeEquivalentTo(new { Enqueued = 1, Failed = 0, Retried = 2, DeadLettered = 0, AwaitingRetry = 0 });
    }

    [Fact]
    public async Task Gives_a_task_up_when_its_attempts_are_used_up()
    {
        (_options.RetryBaseDelay, _options.RetryMaxDelay, _options.MaxAttempts) = (TimeSpan.Zero, TimeSpan.Zero, 4);
        await StartAsync();
        var attempts = 0;
        await _queue.QueueBackgroundWorkItemAsync(_ =>
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
        (_options.Workers, _options.MaxAttempts) = (1, 1);
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
            await _queue.QueueBackgroundWorkItemAsync(failure);
        }

        await _queue.QueueBackgroundWorkItemAsync(_ => ValueTask.CompletedTask);
        await Eventually.HoldsAsync(() => Summary.Completed == 1);

        Summary.Should().BeEquivalentTo(new { Failed = 4, TimedOut = 0, Undone = 0 }, "a cancellation of the task's own is a failure like any other");
    }

    [Fact]
    public async Task A_log_that_throws_loses_no_task()
    {
        (_options.RetryBaseDelay, _options.RetryMaxDelay, _options.MaxAttempts) = (TimeSpan.Zero, TimeSpan.Zero, 2);
        var logger = Substitute.For<ILogger<TaskProcessor>>();
        logger.IsEnabled(default).ReturnsForAnyArgs(_ => throw new IOException("the log's disk is full"));
        await StartAsync(logger);

        await _queue.QueueBackgroundWorkItemAsync(_ => throw new IOException("never"));

        await UntilAsync(() => Summary.Failed == 1);
        Summary.Retried.Should().Be(1);
    }

    [Fact]
    public async Task Cancels_an_attempt_when_its_time_is_over()
    {
        (_options.TaskTimeout, _options.MaxAttempts) = (TimeSpan.FromSeconds(30), 1);
        await StartAsync();
        var canceled = 0;
        await _queue.QueueBackgroundWorkItemAsync(token => UntilCanceledAsync(token, () => canceled++));
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);

        _time.Advance(TimeSpan.FromSeconds(29.9));
        canceled.Should().Be(0);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        await Eventually.HoldsAsync(() => Summary.Failed == 1);
        canceled.Should().Be(1);
        Summary.Should().BeEquivalentTo(new { TimedOut = 1, DeadLettered = 1, Retried = 0 });
    }

    [Fact]
    public async Task A_tasks_own_timeout_goes_before_the_setting()
    {
        (_options.MaxAttempts, _options.Workers) = (1, 1);
        await StartAsync();

        // The long one arms the timer; the short one after it must not wait for that.
        await _queue.EnqueueAsync(BackgroundTask.Create(_ => ValueTask.CompletedTask, timeout: TimeSpan.FromHours(1)));
        await _queue.EnqueueAsync(BackgroundTask.Create(token => UntilCanceledAsync(token), timeout: TimeSpan.FromSeconds(2)));
        await Eventually.HoldsAsync(() => Summary is { Completed: 1, BusyWorkers: 1 });
        _time.Advance(TimeSpan.FromSeconds(2.1));

        await Eventually.HoldsAsync(() => Summary.TimedOut == 1);
    }

    [Fact]
    public async Task A_task_that_is_late_but_done_is_done()
    {
        await StartAsync();
        var goOn = new TaskCompletionSource();
        await _queue.QueueBackgroundWorkItemAsync(async _ => await goOn.Task);
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);

        _time.Advance(TimeSpan.FromMinutes(5));
        goOn.SetResult();

        await Eventually.HoldsAsync(() => Summary.Completed == 1);
        Summary.TimedOut.Should().Be(0);
    }

    [Fact]
    public async Task The_timeout_of_one_task_leaves_the_next_alone()
    {
        (_options.Workers, _options.MaxAttempts) = (1, 1);
        await StartAsync();
        CancellationToken next = default;
        await _queue.QueueBackgroundWorkItemAsync(token => UntilCanceledAsync(token));
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);
        _time.Advance(TimeSpan.FromSeconds(31));
        await Eventually.HoldsAsync(() => Summary.Failed == 1);

        var goOn = new TaskCompletionSource();
        await _queue.QueueBackgroundWorkItemAsync(async token =>
        {
            next = token;
            await goOn.Task;
        });
        await Eventually.HoldsAsync(() => next.CanBeCanceled);
        _time.Advance(TimeSpan.FromSeconds(29));

        next.IsCancellationRequested.Should().BeFalse();
        goOn.SetResult();
        await Eventually.HoldsAsync(() => Summary.Completed == 1);
    }

    [Fact]
    public async Task Disposes_the_scope_of_each_attempt()
    {
        (_options.RetryBaseDelay, _options.RetryMaxDelay, _options.MaxAttempts) = (TimeSpan.Zero, TimeSpan.Zero, 2);
        await StartAsync();
        var used = new List<Disposable>();
        await _queue.EnqueueAsync(BackgroundTask.Create((services, _) =>
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
        (_options.Workers, _options.Capacity, _options.DelayedCapacity, _options.MaxAttempts) = (1, 2, 2, 2);
        (_options.RetryBaseDelay, _options.RetryMaxDelay) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        await StartAsync();
        var enqueues = Enumerable.Range(0, 8).Select(_ => _queue.QueueBackgroundWorkItemAsync(_ => throw new IOException("never")).AsTask()).ToArray();
        await Eventually.HoldsAsync(() => Summary is { Retried: 3, AwaitingRetry: 2 });

        await UntilAsync(() => Summary.Failed == 8);

        await Task.WhenAll(enqueues);
        Summary.Should().BeEquivalentTo(new { Enqueued = 8, Retried = 8, CurrentDepth = 0, AwaitingRetry = 0 });
    }

    [Fact]
    public async Task A_retry_that_falls_due_while_the_queue_is_full_waits_its_turn()
    {
        (_options.Workers, _options.Capacity, _options.MaxAttempts) = (1, 1, 2);
        await StartAsync();
        var order = new List<string>();
        var goOn = new TaskCompletionSource();
        var failing = BackgroundTask.Create(_ =>
        {
            order.Add("failing");
            return order.Count == 1 ? throw new IOException("once") : ValueTask.CompletedTask;
        });
        await _queue.EnqueueAsync(failing);
        await Eventually.HoldsAsync(() => Summary.AwaitingRetry == 1);
        await _queue.QueueBackgroundWorkItemAsync(async _ => await goOn.Task);
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);
        await _queue.QueueBackgroundWorkItemAsync(_ => { order.Add("waiting"); return ValueTask.CompletedTask; });

        _time.Advance(TimeSpan.FromSeconds(2));
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

    /// <summary>Until it holds, with the clock running.</summary>
    private Task UntilAsync(Func<bool> condition) => Eventually.HoldsAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return condition();
    });

    private async Task StartAsync(ILogger<TaskProcessor>? logger = null)
    {
        _queue = new BoundedTaskQueue(_options, _time).WithMonitoring(_monitor);
        _processor = new TaskProcessor(_queue, _options, _services.GetRequiredService<IServiceScopeFactory>(), _monitor, _time, logger);
        await _processor.StartAsync(default);
        await Eventually.HoldsAsync(() => Summary.Workers == _options.Workers);
    }

    private sealed class Disposable : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
