using Monitoring.TaskQueues;
using Monitoring.TestSupport;
using static Monitoring.Core.Tests.TaskQueues.QueueTesting;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>Tasks whose time has not come: delayed ones and retries.</summary>
public sealed class BoundedTaskQueueDelayTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly FakeClock _time = new();

    [Fact]
    public async Task A_delayed_task_is_taken_when_its_time_has_come()
    {
        var queue = Queue();
        var late = NewTask(delay: 2 * Minute);
        var early = NewTask(delay: Minute);
        await queue.EnqueueAsync(late);
        await queue.EnqueueAsync(early);
        var first = queue.DequeueAsync(default).AsTask();

        queue.GetDepth().Should().Be(new TaskQueueDepth(0, 0, 0) { Delayed = 2 });
        _time.Advance(Minute - TimeSpan.FromMilliseconds(1));
        first.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await first).Should().BeSameAs(early);
        _time.Advance(Minute);
        queue.GetDepth().Should().Be(new TaskQueueDepth(0, 1, 0));
        (await queue.DequeueAsync(default)).Should().BeSameAs(late);
        queue.Drainable().AcceptedCount.Should().Be(2);
    }

    [Fact]
    public async Task A_delay_longer_than_any_timer_is_kept()
    {
        var queue = Queue();
        await queue.EnqueueAsync(NewTask(delay: TimeSpan.FromDays(365)));

        _time.Advance(TimeSpan.FromDays(365) - TimeSpan.FromSeconds(1));
        queue.GetDepth().Total.Should().Be(0);
        _time.Advance(TimeSpan.FromSeconds(1));

        queue.GetDepth().Total.Should().Be(1);
    }

    [Fact]
    public async Task Delayed_tasks_are_bounded_and_the_full_mode_says_what_happens()
    {
        var rejecting = Queue(options => (options.DelayedCapacity, options.FullMode) = (1, TaskQueueFullMode.Reject));
        await rejecting.EnqueueAsync(NewTask(delay: Minute));
        var reject = async () => await rejecting.EnqueueAsync(NewTask(delay: Minute));
        (await reject.Should().ThrowAsync<TaskQueueFullException>()).Which.Capacity.Should().Be(1);
        rejecting.TryEnqueue(NewTask(delay: Minute)).Should().BeFalse();
        rejecting.TryEnqueue(NewTask()).Should().BeTrue();

        var waiting = Queue(options => options.DelayedCapacity = 1);
        await waiting.EnqueueAsync(NewTask(delay: Minute));
        var wait = waiting.EnqueueAsync(NewTask(delay: Minute)).AsTask();
        wait.IsCompleted.Should().BeFalse();
        _time.Advance(Minute);
        (await wait).Should().Be(EnqueueOutcome.Accepted);
        waiting.GetDepth().Should().Be(new TaskQueueDepth(0, 1, 0) { Delayed = 1 });
    }

    [Fact]
    public async Task A_task_that_falls_due_while_the_queue_is_full_waits_in_line_for_its_place()
    {
        var queue = Queue(options => options.Capacity = 1);
        var delayed = NewTask(delay: Minute);
        await queue.EnqueueAsync(delayed);
        var placed = NewTask();
        await queue.EnqueueAsync(placed);
        var before = NewTask();
        var waitingBefore = queue.EnqueueAsync(before).AsTask();

        _time.Advance(Minute);
        var after = NewTask();
        var waitingAfter = queue.EnqueueAsync(after).AsTask();

        queue.GetDepth().Should().Be(new TaskQueueDepth(0, 1, 0) { Delayed = 1 });
        (await queue.TakeAsync(4)).Should().Equal(placed, before, delayed, after);
        await Task.WhenAll(waitingBefore, waitingAfter);
        queue.GetDepth().Should().Be(default(TaskQueueDepth));
    }

    [Fact]
    public async Task A_retry_comes_back_even_when_the_queue_has_been_stopped_and_counts_once()
    {
        var queue = Queue();
        var task = NewTask();
        await queue.EnqueueAsync(task);
        await queue.DequeueAsync(default);

        queue.Stop();
        (await queue.Settling().TryRetryAsync(task, Minute)).Should().BeTrue();
        _time.Advance(Minute);

        (await queue.DequeueAsync(default)).Should().BeSameAs(task);
        (await queue.Settling().TryRetryAsync(task, TimeSpan.Zero)).Should().BeTrue();
        (await queue.DequeueAsync(default)).Should().BeSameAs(task);
        queue.Drainable().AcceptedCount.Should().Be(1);
    }

    [Fact]
    public async Task A_retry_without_room_stays_with_its_worker()
    {
        var queue = Queue(options => options.DelayedCapacity = 1);
        await queue.EnqueueAsync(NewTask(delay: Minute));
        var task = NewTask();
        await queue.EnqueueAsync(task);
        await queue.DequeueAsync(default);

        (await queue.Settling().TryRetryAsync(task, Minute)).Should().BeFalse();
        _time.Advance(Minute);
        (await queue.Settling().TryRetryAsync(task, Minute)).Should().BeTrue();
    }

    [Fact]
    public async Task The_age_of_a_delayed_task_begins_when_its_time_has_come()
    {
        using var monitor = PerformanceMonitor.Create(timeProvider: _time);
        var queue = Queue().WithMonitoring(monitor);
        _time.Advance(TimeSpan.FromSeconds(1));
        await queue.EnqueueAsync(NewTask(delay: Minute));

        _time.Advance(Minute + TimeSpan.FromSeconds(3));

        queue.GetDepth().OldestAge.Should().Be(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task What_is_left_at_the_end_includes_what_waits_for_its_time_and_for_its_place()
    {
        var queue = Queue(options => options.Capacity = 1);
        var (delayed, due, placed) = (NewTask(delay: 2 * Minute), NewTask(delay: Minute), NewTask());
        foreach (var task in new[] { delayed, due, placed })
        {
            await queue.EnqueueAsync(task);
        }

        _time.Advance(Minute);
        queue.Stop();

        queue.Drainable().TakeRemaining().Should().Equal(placed, due, delayed);
        queue.Drainable().AcceptedCount.Should().Be(3);
        (await queue.Settling().TryRetryAsync(placed, Minute)).Should().BeFalse();
        _time.Advance(Minute);
        queue.GetDepth().Should().Be(default(TaskQueueDepth));
    }

    private BoundedTaskQueue Queue(Action<TaskQueueOptions>? configure = null)
    {
        var options = new TaskQueueOptions();
        configure?.Invoke(options);
        return new BoundedTaskQueue(options, _time);
    }
}
