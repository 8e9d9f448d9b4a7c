using Monitoring.Redis.Streams;
using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Streams;

/// <summary>One node: what goes in comes out, in the order that was promised, and is gone when it is done.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public async Task A_task_comes_out_as_it_went_in_and_is_gone_when_it_is_done()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync();
        var task = BackgroundTask.ForMessage(new Numbered(7), TaskPriority.High, TimeSpan.FromSeconds(12));

        (await queue.EnqueueAsync(task)).Should().Be(EnqueueOutcome.Accepted);
        var taken = await StreamsFixture.TakeAsync(queue);

        StreamsFixture.NumberOf(taken).Should().Be(7);
        taken.Id.Should().Be(task.Id);
        taken.Priority.Should().Be(TaskPriority.High);
        taken.Timeout.Should().Be(TimeSpan.FromSeconds(12));
        (taken.Attempt, taken.DeliveryCount).Should().Be((0, 1));
        (await streams.PendingAsync()).Should().Be(1);

        await ((ISettlingTaskQueue)queue).CompleteAsync(taken);

        (await streams.PendingAsync()).Should().Be(0);
        (await streams.LengthAsync()).Should().Be(0);
        queue.HeldCount.Should().Be(0);
    }

    [Fact]
    public async Task A_waiting_worker_is_woken_long_before_it_would_look_again()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync(options => options.PollInterval = TimeSpan.FromMinutes(1));
        var taking = StreamsFixture.TakeAsync(queue);
        await StreamsFixture.EventuallyAsync(() => streams.Database.KeyExistsAsync(streams.Keys.Idle), "the worker should say that it sleeps");
        await StreamsFixture.EventuallyAsync(async () => (long)(await streams.Database.ExecuteAsync("PUBSUB", "NUMSUB", streams.Keys.Channel.ToString()))[1] == 1, "the node should listen");

        await queue.EnqueueAsync(StreamsFixture.Task(1));

        // A minute would be the poll.
        StreamsFixture.NumberOf(await taking.WaitAsync(TimeSpan.FromSeconds(30))).Should().Be(1);
        (await streams.Database.KeyExistsAsync(streams.Keys.Idle)).Should().BeFalse("who adds a task takes the mark away, and the next one need not publish");
    }

    [Fact]
    public async Task Polling_finds_a_task_that_no_message_announced()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync();
        var taking = StreamsFixture.TakeAsync(queue);
        await StreamsFixture.EventuallyAsync(() => streams.Database.KeyExistsAsync(streams.Keys.Idle), "the worker should sleep");

        await streams.AddRawAsync("n", "numbered", "i", "by-hand", "p", """{"number":3}""");

        StreamsFixture.NumberOf(await taking).Should().Be(3);
    }

    [Fact]
    public async Task Priorities_get_their_turns_by_weight_and_low_does_not_starve()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync();
        foreach (var priority in Enum.GetValues<TaskPriority>())
        {
            for (var i = 0; i < 21; i++)
            {
                await queue.EnqueueAsync(StreamsFixture.Task(i, priority));
            }
        }

        var taken = new List<BackgroundTask>();
        for (var i = 0; i < 21; i++)
        {
            taken.Add(await StreamsFixture.TakeAsync(queue));
        }

        taken.CountBy(task => task.Priority).Should().BeEquivalentTo(
            new Dictionary<TaskPriority, int> { [TaskPriority.High] = 16, [TaskPriority.Normal] = 4, [TaskPriority.Low] = 1 });
        taken.Where(task => task.Priority == TaskPriority.High).Select(StreamsFixture.NumberOf).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task Turns_of_an_empty_priority_go_to_the_others()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync();
        for (var i = 0; i < 30; i++)
        {
            await queue.EnqueueAsync(StreamsFixture.Task(i, TaskPriority.Low));
        }

        var taken = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => StreamsFixture.TakeAsync(queue)));

        taken.Select(StreamsFixture.NumberOf).Should().BeEquivalentTo(Enumerable.Range(0, 30));
    }

    [Fact]
    public async Task A_key_keeps_a_second_task_out_until_the_first_is_done()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync();
        BackgroundTask Keyed(int number)
        {
            var task = StreamsFixture.Task(number);
            task.DeduplicationKey = "invoice-17";
            return task;
        }

        (await queue.EnqueueAsync(Keyed(1))).Should().Be(EnqueueOutcome.Accepted);
        (await queue.EnqueueAsync(Keyed(2))).Should().Be(EnqueueOutcome.Duplicate);
        queue.TryEnqueue(Keyed(3)).Should().BeFalse();
        var taken = await StreamsFixture.TakeAsync(queue);
        (await queue.EnqueueAsync(Keyed(4))).Should().Be(EnqueueOutcome.Duplicate, "it runs");
        (await streams.Database.KeyTimeToLiveAsync(streams.Keys.Deduplication("invoice-17"))).Should().BePositive("a key must not outlive a task that is never settled");

        await ((ISettlingTaskQueue)queue).CompleteAsync(taken);

        (await queue.EnqueueAsync(Keyed(5))).Should().Be(EnqueueOutcome.Accepted);
    }

    [Fact]
    public async Task A_task_enqueued_again_after_a_lost_answer_is_there_once()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync();
        var task = StreamsFixture.Task(1);
        task.DeduplicationKey = "once";
        await queue.EnqueueAsync(task);

        // As the caller sees it that got an exception instead of the answer.
        task.Lifecycle = TaskLifecycle.New;
        (await queue.EnqueueAsync(task)).Should().Be(EnqueueOutcome.Accepted);

        (await streams.LengthAsync()).Should().Be(1);
    }

    [Fact]
    public async Task A_delayed_task_comes_when_its_time_has_come_and_wakes_sleepers_for_it()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync(options => options.PollInterval = TimeSpan.FromMinutes(1));
        var taking = StreamsFixture.TakeAsync(queue);
        await StreamsFixture.EventuallyAsync(() => streams.Database.KeyExistsAsync(streams.Keys.Idle), "the worker should sleep");
        var task = StreamsFixture.Task(1);
        task.Delay = TimeSpan.FromSeconds(1);
        var enqueued = System.Diagnostics.Stopwatch.GetTimestamp();

        await queue.EnqueueAsync(task);
        (await streams.Database.SortedSetLengthAsync(streams.Keys.Delayed)).Should().Be(1);
        await taking.WaitAsync(TimeSpan.FromSeconds(40));

        System.Diagnostics.Stopwatch.GetElapsedTime(enqueued).Should().BeGreaterThan(TimeSpan.FromMilliseconds(990));
        (await streams.Database.SortedSetLengthAsync(streams.Keys.Delayed)).Should().Be(0);
    }

    [Fact]
    public async Task A_full_queue_makes_the_caller_wait_and_counts_what_runs_and_what_is_delayed()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync(options => options.Capacity = 3);
        var delayed = StreamsFixture.Task(0);
        delayed.Delay = TimeSpan.FromHours(1);
        await queue.EnqueueAsync(delayed);
        await queue.EnqueueAsync(StreamsFixture.Task(1));
        var running = await StreamsFixture.TakeAsync(queue);
        await queue.EnqueueAsync(StreamsFixture.Task(2));

        queue.TryEnqueue(StreamsFixture.Task(3)).Should().BeFalse();
        var third = queue.EnqueueAsync(StreamsFixture.Task(3)).AsTask();
        await StreamsFixture.EventuallyAsync(() => queue.WaitingForPlace == 1, "the third should wait");
        var fourth = queue.EnqueueAsync(StreamsFixture.Task(4)).AsTask();
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var cancelled = async () => await queue.EnqueueAsync(StreamsFixture.Task(5), impatience.Token);
        await cancelled.Should().ThrowAsync<OperationCanceledException>();
        third.IsCompleted.Should().BeFalse();

        await ((ISettlingTaskQueue)queue).CompleteAsync(running);

        (await third.WaitAsync(StreamsFixture.Patience)).Should().Be(EnqueueOutcome.Accepted);
        fourth.IsCompleted.Should().BeFalse("those who wait are let in in their order");
        (await streams.LengthAsync()).Should().Be(2);
        await queue.DisposeAsync();
        await FluentActions.Awaiting(() => fourth).Should().ThrowAsync<TaskQueueStoppedException>();
    }

    [Fact]
    public async Task A_full_queue_that_rejects_says_so_and_keeps_what_it_has()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync(options => (options.Capacity, options.FullMode) = (2, TaskQueueFullMode.Reject));
        await queue.EnqueueAsync(StreamsFixture.Task(1));
        await queue.EnqueueAsync(StreamsFixture.Task(2, TaskPriority.Low));

        var rejected = async () => await queue.EnqueueAsync(StreamsFixture.Task(3, TaskPriority.High));

        (await rejected.Should().ThrowAsync<TaskQueueFullException>()).Which.Depth.Should().Be(2);
        (await streams.LengthAsync()).Should().Be(2);
    }

    [Fact]
    public async Task What_cannot_travel_is_refused_with_the_reason()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync(options => options.MaxPayloadBytes = 20);

        await Refused<ArgumentException>(BackgroundTask.ForMessage(new Numbered(1_000_000_000)), "*'numbered' has 21 bytes*takes up to 20*");
        await Refused<InvalidOperationException>(BackgroundTask.Create(_ => default), "*messages only*delegate*");
        await Refused<InvalidOperationException>(BackgroundTask.ForMessage(new Unnamed(1)), "*no name for the message*Unnamed*AddMessage*");
        (await streams.LengthAsync()).Should().Be(0);

        async Task Refused<TException>(BackgroundTask task, string because)
            where TException : Exception =>
            (await FluentActions.Awaiting(async () => await queue.EnqueueAsync(task)).Should().ThrowAsync<TException>()).WithMessage(because);
    }
}
