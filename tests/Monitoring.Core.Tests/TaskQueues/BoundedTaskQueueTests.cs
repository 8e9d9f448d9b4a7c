using Microsoft.Extensions.DependencyInjection;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;
using NSubstitute;

namespace Monitoring.Core.Tests.TaskQueues;

public sealed class BoundedTaskQueueTests
{
    private readonly FakeClock _time = new();

    [Theory]
    [InlineData(TaskPriority.High)]
    [InlineData(TaskPriority.Normal)]
    [InlineData(TaskPriority.Low)]
    public async Task Hands_out_tasks_of_one_priority_in_the_order_in_which_they_came(TaskPriority priority)
    {
        var queue = Queue();
        var tasks = Enumerable.Range(0, 20).Select(_ => NewTask(priority)).ToArray();
        foreach (var task in tasks)
        {
            await queue.EnqueueAsync(task);
        }

        (await TakeAsync(queue, 20)).Should().Equal(tasks);
    }

    [Fact]
    public async Task Hands_out_high_before_normal_before_low()
    {
        var queue = Queue();
        foreach (var priority in new[] { TaskPriority.Low, TaskPriority.Normal, TaskPriority.High })
        {
            await queue.EnqueueAsync(NewTask(priority));
        }

        (await TakeAsync(queue, 3)).Select(task => task.Priority).Should().Equal(TaskPriority.High, TaskPriority.Normal, TaskPriority.Low);
    }

    [Fact]
    public async Task Rejects_when_full_if_so_configured()
    {
        var queue = Queue(options => (options.Capacity, options.FullMode) = (2, TaskQueueFullMode.Reject));
        await queue.EnqueueAsync(NewTask(TaskPriority.Low));
        await queue.EnqueueAsync(NewTask(TaskPriority.Normal));

        var enqueue = async () => await queue.EnqueueAsync(NewTask(TaskPriority.High));

        var exception = (await enqueue.Should().ThrowAsync<TaskQueueFullException>()).Which;
        (exception.Depth, exception.Capacity, exception.RetryAfter).Should().Be((2, 2, null));
        queue.TryEnqueue(NewTask()).Should().BeFalse();
        queue.GetDepth().Total.Should().Be(2);
    }

    [Fact]
    public async Task A_rejected_task_can_be_tried_again()
    {
        var queue = Queue(options => options.Capacity = 1);
        queue.TryEnqueue(NewTask()).Should().BeTrue();
        var task = NewTask();
        queue.TryEnqueue(task).Should().BeFalse();

        await queue.DequeueAsync(default);

        queue.TryEnqueue(task).Should().BeTrue();
    }

    [Fact]
    public async Task Lets_those_who_wait_for_a_place_in_in_their_order()
    {
        var queue = Queue(options => options.Capacity = 1);
        var tasks = Enumerable.Range(0, 5).Select(_ => NewTask()).ToArray();
        var enqueues = tasks.Select(task => queue.EnqueueAsync(task).AsTask()).ToArray();
        enqueues.Select(enqueue => enqueue.IsCompleted).Should().Equal(true, false, false, false, false);

        var taken = await TakeAsync(queue, 5);

        taken.Should().Equal(tasks);
        await Task.WhenAll(enqueues);
    }

    [Fact]
    public async Task A_cancelled_wait_for_a_place_leaves_no_task_and_no_hole()
    {
        var queue = Queue(options => options.Capacity = 1);
        using var cancellation = new CancellationTokenSource();
        var first = NewTask();
        var third = NewTask();
        await queue.EnqueueAsync(first);
        var canceled = queue.EnqueueAsync(NewTask(), cancellation.Token).AsTask();
        var waiting = queue.EnqueueAsync(third).AsTask();

        await cancellation.CancelAsync();

        await canceled.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        (await TakeAsync(queue, 2)).Should().Equal(first, third);
        await waiting;
        queue.GetDepth().Total.Should().Be(0);
    }

    [Fact]
    public async Task A_cancelled_wait_for_a_task_loses_none()
    {
        var queue = Queue();
        using var cancellation = new CancellationTokenSource();
        var canceled = queue.DequeueAsync(cancellation.Token).AsTask();
        var waiting = queue.DequeueAsync(default).AsTask();
        await cancellation.CancelAsync();
        var task = NewTask();

        await queue.EnqueueAsync(task);

        await canceled.Invoking(wait => wait).Should().ThrowAsync<OperationCanceledException>();
        (await waiting).Should().BeSameAs(task);
    }

    [Fact]
    public async Task A_token_cancelled_beforehand_neither_adds_nor_takes()
    {
        var queue = Queue();
        var canceled = new CancellationToken(canceled: true);
        await queue.EnqueueAsync(NewTask());

        var enqueue = async () => await queue.EnqueueAsync(NewTask(), canceled);
        var dequeue = async () => await queue.DequeueAsync(canceled);

        await enqueue.Should().ThrowAsync<OperationCanceledException>();
        await dequeue.Should().ThrowAsync<OperationCanceledException>();
        queue.GetDepth().Total.Should().Be(1);
    }

    [Fact]
    public async Task A_stopped_queue_refuses_clearly_and_still_hands_out_what_it_has()
    {
        var queue = Queue(options => options.Capacity = 1);
        var accepted = NewTask();
        await queue.EnqueueAsync(accepted);
        var waiting = queue.EnqueueAsync(NewTask()).AsTask();

        queue.Stop();

        await waiting.Invoking(task => task).Should().ThrowAsync<TaskQueueStoppedException>();
        var enqueue = async () => await queue.EnqueueAsync(NewTask());
        await enqueue.Should().ThrowAsync<TaskQueueStoppedException>();
        queue.TryEnqueue(NewTask()).Should().BeFalse();
        (await queue.DequeueAsync(default)).Should().BeSameAs(accepted);
    }

    [Fact]
    public async Task A_task_object_is_good_for_one_time()
    {
        var queue = Queue();
        var task = NewTask();
        await queue.EnqueueAsync(task);

        queue.Invoking(q => q.TryEnqueue(task)).Should().Throw<InvalidOperationException>().WithMessage("*enqueued before*");
        queue.GetDepth().Total.Should().Be(1);
    }

    [Fact]
    public async Task Tells_the_depth_by_priority_and_the_age_of_the_oldest_task_at_the_heads()
    {
        using var monitor = PerformanceMonitor.Create(timeProvider: _time);
        var queue = Queue().WithMonitoring(monitor);
        _time.Advance(TimeSpan.FromSeconds(1));
        await queue.EnqueueAsync(NewTask(TaskPriority.Low));
        _time.Advance(TimeSpan.FromSeconds(5));
        await queue.EnqueueAsync(NewTask(TaskPriority.High));
        await queue.EnqueueAsync(NewTask(TaskPriority.High));
        _time.Advance(TimeSpan.FromSeconds(2));

        queue.GetDepth().Should().Be(new TaskQueueDepth(2, 0, 1)
        {
            OldestAge = TimeSpan.FromSeconds(7),
            HighOldestAge = TimeSpan.FromSeconds(2),
            LowOldestAge = TimeSpan.FromSeconds(7),
        });
        await TakeAsync(queue, 3);
        queue.GetDepth().Should().Be(default(TaskQueueDepth));
    }

    [Fact]
    public void Refuses_a_message_without_a_handler_when_it_is_enqueued()
    {
        var services = Substitute.For<IServiceProviderIsService>();
        var queue = new BoundedTaskQueue(new TaskQueueOptions(), _time, services);

        queue.Invoking(q => q.TryEnqueue(BackgroundTask.ForMessage("hello")))
            .Should().Throw<InvalidOperationException>().WithMessage("*No handler*System.String*AddTaskHandler<String, THandler>()*");
    }

#pragma warning disable CA2012 // Consuming it at the wrong time is what this is about.
    [Fact]
    public async Task A_wait_is_answered_neither_early_nor_twice()
    {
        var queue = Queue();
        var wait = queue.DequeueAsync(default);
        wait.Invoking(early => early.GetAwaiter().GetResult()).Should().Throw<InvalidOperationException>();
        var task = NewTask();
        await queue.EnqueueAsync(task);

        (await wait).Should().BeSameAs(task);

        wait.Invoking(late => late.GetAwaiter().GetResult()).Should().Throw<InvalidOperationException>();
        var next = queue.DequeueAsync(default);
        next.IsCompleted.Should().BeFalse();
    }
#pragma warning restore CA2012

    private static BackgroundTask NewTask(TaskPriority priority = TaskPriority.Normal) =>
        BackgroundTask.Create(_ => ValueTask.CompletedTask, priority);

    private static async Task<List<BackgroundTask>> TakeAsync(IBackgroundTaskQueue queue, int count)
    {
        var taken = new List<BackgroundTask>();
        while (taken.Count < count)
        {
            taken.Add(await queue.DequeueAsync(default));
        }

        return taken;
    }

    private BoundedTaskQueue Queue(Action<TaskQueueOptions>? configure = null)
    {
        var options = new TaskQueueOptions();
        configure?.Invoke(options);
        return new BoundedTaskQueue(options, _time);
    }
}
