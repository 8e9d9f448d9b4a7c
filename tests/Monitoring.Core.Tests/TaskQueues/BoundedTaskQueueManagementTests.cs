using Microsoft.Extensions.DependencyInjection;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;
using static Monitoring.Core.Tests.TaskQueues.QueueTesting;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>Keys, pause, drops and dead letters.</summary>
public sealed class BoundedTaskQueueManagementTests
{
    private readonly FakeClock _time = new();

    [Fact]
    public async Task A_second_task_with_a_key_is_a_duplicate_until_the_first_one_is_settled()
    {
        var queue = Queue();
        var first = NewTask(key: "order-1");
        await queue.EnqueueAsync(first);

        (await queue.EnqueueAsync(NewTask(key: "order-1"))).Should().Be(EnqueueOutcome.Duplicate);
        (await queue.EnqueueAsync(NewTask(key: "order-2"))).Should().Be(EnqueueOutcome.Accepted);
        await queue.DequeueAsync(default);
        queue.TryEnqueue(NewTask(key: "order-1")).Should().BeFalse("the first one runs");
        await queue.Settling().TryRetryAsync(first, TimeSpan.FromMinutes(1));
        queue.TryEnqueue(NewTask(key: "order-1")).Should().BeFalse("the first one waits for its next attempt");
        await queue.Settling().CompleteAsync(first);

        queue.TryEnqueue(NewTask(key: "order-1")).Should().BeTrue();
        queue.Drainable().AcceptedCount.Should().Be(3);
    }

    [Fact]
    public async Task A_key_is_free_when_its_task_is_given_up_undone_or_run_by_another_loop()
    {
        var queue = Queue();
        var services = new ServiceCollection().BuildServiceProvider();
        Func<BackgroundTask, Task>[] ends =
        [
            async task => await queue.Settling().DeadLetterAsync(task, LetterOf(task)),
            async task => await queue.Settling().TryReturnAsync(task),
            async task => await task.ExecuteAsync(services, default),
        ];
        foreach (var end in ends)
        {
            var task = NewTask(key: "order-1");
            queue.TryEnqueue(task).Should().BeTrue();
            await queue.DequeueAsync(default);
            await end(task);
        }

        queue.TryEnqueue(NewTask(key: "order-1")).Should().BeTrue();
    }

    [Fact]
    public async Task A_key_is_free_when_its_task_throws_at_once_in_another_loop()
    {
        var queue = Queue();
        var task = BackgroundTask.Create(_ => throw new InvalidOperationException("no"));
        task.DeduplicationKey = "order-1";
        await queue.EnqueueAsync(task);
        await queue.DequeueAsync(default);

        var execute = async () => await task.ExecuteAsync(new ServiceCollection().BuildServiceProvider(), default);

        await execute.Should().ThrowAsync<InvalidOperationException>().WithMessage("no");
        queue.TryEnqueue(NewTask(key: "order-1")).Should().BeTrue();
    }

    [Fact]
    public async Task A_late_word_about_a_task_does_not_free_the_key_of_the_next_one()
    {
        var queue = Queue();
        var abandoned = NewTask(key: "order-1");
        await queue.EnqueueAsync(abandoned);
        await queue.Settling().TryReturnAsync(abandoned);
        await queue.EnqueueAsync(NewTask(key: "order-1"));

        await queue.Settling().CompleteAsync(abandoned);

        queue.TryEnqueue(NewTask(key: "order-1")).Should().BeFalse();
    }

    [Fact]
    public async Task One_that_waits_for_a_place_may_turn_out_to_be_a_duplicate()
    {
        var queue = Queue(options => options.Capacity = 1);
        await queue.EnqueueAsync(NewTask());
        var first = queue.EnqueueAsync(NewTask(key: "order-1")).AsTask();
        var second = queue.EnqueueAsync(NewTask(key: "order-1")).AsTask();
        var third = queue.EnqueueAsync(NewTask()).AsTask();

        await queue.TakeAsync(2);

        (await first).Should().Be(EnqueueOutcome.Accepted);
        (await second).Should().Be(EnqueueOutcome.Duplicate);
        (await third).Should().Be(EnqueueOutcome.Accepted);
    }

    [Fact]
    public async Task A_paused_queue_accepts_and_hands_out_nothing_not_even_to_those_who_wait()
    {
        var queue = Queue();
        var waiting = queue.DequeueAsync(default).AsTask();
        await queue.PauseAsync();
        var first = NewTask();
        await queue.EnqueueAsync(first);
        var second = NewTask();
        await queue.EnqueueAsync(second);
        var later = queue.DequeueAsync(default).AsTask();

        (waiting.IsCompleted, later.IsCompleted, queue.IsPaused, queue.GetDepth().Total).Should().Be((false, false, true, 2));
        await queue.ResumeAsync();

        (await waiting).Should().BeSameAs(first);
        (await later).Should().BeSameAs(second);
        queue.IsPaused.Should().BeFalse();
    }

    [Fact]
    public async Task Drops_the_newest_of_the_lowest_lane_for_a_more_urgent_task_and_says_so()
    {
        using var monitor = PerformanceMonitor.Create(timeProvider: _time);
        var queue = Queue(options => (options.Capacity, options.FullMode) = (3, TaskQueueFullMode.DropLowest));
        using var monitored = (IDisposable)queue.WithMonitoring(monitor);
        var enqueue = ((IBackgroundTaskQueue)monitored).EnqueueAsync;
        var (normal, older, newer) = (NewTask(), NewTask(TaskPriority.Low, key: "older"), NewTask(TaskPriority.Low, key: "newer"));
        foreach (var task in new[] { normal, older, newer })
        {
            (await enqueue(task, default)).Should().Be(EnqueueOutcome.Accepted);
        }

        var urgent = NewTask(TaskPriority.High);
        (await enqueue(urgent, default)).Should().Be(EnqueueOutcome.AcceptedByDropping);

        var letter = (await queue.GetDeadLettersAsync()).Should().ContainSingle().Which;
        (letter.Id, letter.Reason, letter.Priority, letter.At, letter.Attempts).Should().Be((newer.Id, DeadLetterReason.Dropped, TaskPriority.Low, _time.GetUtcNow(), 0));
        (await enqueue(NewTask(), default)).Should().Be(EnqueueOutcome.AcceptedByDropping);
        (await queue.GetDeadLettersAsync()).Select(dead => dead.Id).Should().Equal(older.Id, newer.Id);
        var rejected = async () => await enqueue(NewTask(), default);
        await rejected.Should().ThrowAsync<TaskQueueFullException>();
        queue.TryEnqueue(NewTask(TaskPriority.High)).Should().BeFalse("there is no place, and trying drops nothing");
        queue.GetDepth().Should().BeEquivalentTo(new { High = 1, Normal = 2, Low = 0, DeadLetters = 2 });
        queue.Drainable().AcceptedCount.Should().Be(3);
        monitor.TaskQueue.GetSummary().Dropped.Should().Be(2);
    }

    [Fact]
    public async Task Drops_nothing_when_that_would_not_make_room()
    {
        var queue = Queue(options => (options.Capacity, options.HighCapacity, options.FullMode) = (3, 1, TaskQueueFullMode.DropLowest));
        await queue.EnqueueAsync(NewTask(TaskPriority.High));
        await queue.EnqueueAsync(NewTask(TaskPriority.Low));

        var enqueue = async () => await queue.EnqueueAsync(NewTask(TaskPriority.High));

        await enqueue.Should().ThrowAsync<TaskQueueFullException>();
        queue.GetDepth().Should().Be(new TaskQueueDepth(1, 0, 1));
    }

    [Fact]
    public async Task Keeps_the_newest_dead_letters()
    {
        var queue = Queue(options => options.DeadLetterCapacity = 2);
        var tasks = await GiveUpAsync(queue, 3);

        var letters = await queue.GetDeadLettersAsync();

        letters.Select(letter => letter.Id).Should().Equal(tasks[2].Id, tasks[1].Id);
        letters[0].Should().Be(LetterOf(tasks[2]));
        (await queue.GetDeadLettersAsync(1)).Should().ContainSingle().Which.Id.Should().Be(tasks[2].Id);
        queue.GetDepth().DeadLetters.Should().Be(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task Refuses_a_count_of_dead_letters_out_of_range(int count)
    {
        var get = async () => await Queue().GetDeadLettersAsync(count);

        await get.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    [Fact]
    public async Task A_redriven_task_keeps_its_identity_and_has_all_its_attempts_again()
    {
        var queue = Queue();
        var tasks = await GiveUpAsync(queue, 3);
        tasks[1].Attempt = 3;

        (await queue.RedriveAsync("unknown")).Should().Be(0);
        (await queue.RedriveAsync(tasks[1].Id)).Should().Be(1);

        var redriven = await queue.DequeueAsync(default);
        (redriven.Id, redriven.Attempt).Should().Be((tasks[1].Id, 0));
        queue.Drainable().AcceptedCount.Should().Be(4);
        (await queue.RedriveAsync()).Should().Be(2);
        (await queue.TakeAsync(2)).Should().Equal(tasks[0], tasks[2]);
        (await queue.GetDeadLettersAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_redriven_now_stays_a_dead_letter()
    {
        var queue = Queue(options => options.Capacity = 1);
        var tasks = await GiveUpAsync(queue, 2, attempts: 3);

        (await queue.RedriveAsync()).Should().Be(1, "there is one place");
        var letter = (await queue.GetDeadLettersAsync()).Should().ContainSingle().Which;
        (letter.Id, tasks[1].Attempt).Should().Be((tasks[1].Id, 3));
        await queue.TakeAsync(1);
        queue.Stop();
        (await queue.RedriveAsync()).Should().Be(0);
        queue.GetDepth().DeadLetters.Should().Be(1);
    }

    [Fact]
    public async Task What_was_redriven_counts_as_enqueued_and_waits_from_then()
    {
        using var monitor = PerformanceMonitor.Create(timeProvider: _time);
        var queue = Queue();
        var monitored = queue.WithMonitoring(monitor);
        var task = NewTask(delay: TimeSpan.FromSeconds(1));
        await monitored.EnqueueAsync(task);
        _time.Advance(TimeSpan.FromSeconds(1));
        await monitored.DequeueAsync(default);
        await queue.Settling().DeadLetterAsync(task, LetterOf(task));
        _time.Advance(TimeSpan.FromSeconds(10));

        await queue.RedriveAsync();
        _time.Advance(TimeSpan.FromSeconds(2));

        queue.GetDepth().OldestAge.Should().Be(TimeSpan.FromSeconds(2));
        monitor.TaskQueue.GetSummary().Enqueued.Should().Be(2);
    }

    [Fact]
    public void Has_a_name() =>
        (Queue().Name, new BoundedTaskQueue(new TaskQueueOptions(), name: "mail").Name).Should().Be((TaskQueueMonitor.DefaultQueue, "mail"));

    private static async Task<BackgroundTask[]> GiveUpAsync(BoundedTaskQueue queue, int count, int attempts = 0)
    {
        var tasks = Enumerable.Range(0, count).Select(_ => NewTask()).ToArray();
        foreach (var task in tasks)
        {
            await queue.EnqueueAsync(task);
            await queue.DequeueAsync(default);
            task.Attempt = attempts;
            await queue.Settling().DeadLetterAsync(task, LetterOf(task));
        }

        return tasks;
    }

    private BoundedTaskQueue Queue(Action<TaskQueueOptions>? configure = null)
    {
        var options = new TaskQueueOptions();
        configure?.Invoke(options);
        return new BoundedTaskQueue(options, _time);
    }
}
