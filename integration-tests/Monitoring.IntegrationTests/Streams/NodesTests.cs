using Monitoring.Redis.Streams;
using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Streams;

/// <summary>Several nodes: they share the work, take over from each other what was abandoned, and nothing else.</summary>
public sealed class NodesTests
{
    [Fact]
    public async Task Two_nodes_share_the_work_and_each_task_is_given_out_once()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var (first, second) = (await streams.NodeAsync(), await streams.NodeAsync());
        for (var i = 0; i < 200; i++)
        {
            await first.EnqueueAsync(StreamsFixture.Task(i, (TaskPriority)(i % 3)));
        }

        var done = new System.Collections.Concurrent.ConcurrentBag<(int Number, string Node)>();
        async Task WorkAsync(RedisTaskQueue node)
        {
            while (done.Count < 200)
            {
                using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                try
                {
                    var task = await node.DequeueAsync(enough.Token);
                    await ((ISettlingTaskQueue)node).CompleteAsync(task);
                    done.Add((StreamsFixture.NumberOf(task), node.Consumer));
                }
                catch (OperationCanceledException)
                {
                    // Nothing for this one just now.
                }
            }
        }

        await Task.WhenAll(WorkAsync(first), WorkAsync(second), WorkAsync(first), WorkAsync(second)).WaitAsync(StreamsFixture.Patience);

        done.Select(task => task.Number).Should().BeEquivalentTo(Enumerable.Range(0, 200));
        done.Select(task => task.Node).Distinct().Should().HaveCount(2);
        (await streams.LengthAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_dead_nodes_tasks_are_given_to_another_one_and_say_how_often_they_were_delivered()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var dead = await streams.NodeAsync();
        var queue = await streams.NodeAsync();
        using var monitored = (IDisposable)queue.WithMonitoring(streams.Monitor);
        var task = StreamsFixture.Task(1);
        await dead.EnqueueAsync(task);
        await StreamsFixture.TakeAsync(dead);

        // No heartbeat comes from it any more.
        dead.Dispose();
        var taken = await StreamsFixture.TakeAsync(queue);

        (taken.Id, taken.DeliveryCount, taken.Attempt).Should().Be((task.Id, 2, 0));
        streams.Monitor.TaskQueue.GetSummary().Queues.Single(summary => summary.Name == StreamsFixture.QueueName).Redelivered.Should().Be(1);
        await ((ISettlingTaskQueue)queue).CompleteAsync(taken);
        (await streams.LengthAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Signs_of_life_keep_a_long_task_with_its_node()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var (busy, idle) = (await streams.NodeAsync(), await streams.NodeAsync());
        await busy.EnqueueAsync(StreamsFixture.Task(1));
        var taken = await StreamsFixture.TakeAsync(busy);

        // More than twice the time after which it would be taken for dead, while the other one looks for such tasks.
        using var watching = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await FluentActions.Awaiting(async () => await idle.DequeueAsync(watching.Token)).Should().ThrowAsync<OperationCanceledException>();

        var pending = await streams.Database.StreamPendingMessagesAsync(streams.Keys.Stream(TaskPriority.Normal), "service", 10, busy.Consumer);
        pending.Should().ContainSingle().Which.DeliveryCount.Should().Be(1, "a sign of life is no delivery");
        await ((ISettlingTaskQueue)busy).CompleteAsync(taken);
        (await streams.LengthAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_task_whose_nodes_keep_dying_is_given_up()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var producer = await streams.NodeAsync();
        await producer.EnqueueAsync(StreamsFixture.Task(1));
        for (var death = 0; death < 2; death++)
        {
            var node = await streams.NodeAsync(options => options.MaxDeliveries = 2);
            await StreamsFixture.TakeAsync(node);
            node.Dispose();
        }

        var last = await streams.NodeAsync(options => options.MaxDeliveries = 2);
        using var stop = new CancellationTokenSource();
        var taking = last.DequeueAsync(stop.Token).AsTask();
        await StreamsFixture.EventuallyAsync(async () => (await last.GetDeadLettersAsync()).Count == 1, "the task should be given up");

        var letter = (await last.GetDeadLettersAsync()).Single();
        (letter.Reason, letter.TypeName, letter.Attempts).Should().Be((DeadLetterReason.DeliveriesExhausted, nameof(Numbered), 0));
        (await streams.LengthAsync()).Should().Be(0);
        (await streams.PendingAsync()).Should().Be(0);

        // By hand it gets all its deliveries again.
        (await last.RedriveAsync(letter.Id)).Should().Be(1);
        StreamsFixture.NumberOf(await taking.WaitAsync(StreamsFixture.Patience)).Should().Be(1);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task Pausing_holds_for_all_nodes_and_so_does_resuming()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var (here, there) = (await streams.NodeAsync(), await streams.NodeAsync());
        there.IsPaused.Should().BeFalse();

        await here.PauseAsync();
        await here.EnqueueAsync(StreamsFixture.Task(1));

        here.IsPaused.Should().BeTrue();
        await StreamsFixture.EventuallyAsync(() => there.IsPaused, "the other node should know");
        await StreamsFixture.TakeNothingAsync(there);
        await StreamsFixture.TakeNothingAsync(here);
        var taking = StreamsFixture.TakeAsync(there);
        await here.ResumeAsync();

        StreamsFixture.NumberOf(await taking).Should().Be(1);
        await StreamsFixture.EventuallyAsync(() => !there.IsPaused, "the other node should know");
    }

    [Fact]
    public async Task The_figures_come_from_the_server_and_are_those_of_all_nodes()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var (here, there) = (await streams.NodeAsync(options => options.Workers = 3), await streams.NodeAsync(options => options.Workers = 5));
        var monitored = here.WithMonitoring(streams.Monitor);
        await monitored.EnqueueAsync(StreamsFixture.Task(1));
        await monitored.EnqueueAsync(StreamsFixture.Task(2));
        await StreamsFixture.TakeAsync(there);
        await StreamsFixture.TakeAsync(here);
        for (var i = 0; i < 4; i++)
        {
            await monitored.EnqueueAsync(StreamsFixture.Task(i, i == 0 ? TaskPriority.High : TaskPriority.Low));
        }

        var delayed = StreamsFixture.Task(9);
        delayed.Delay = TimeSpan.FromHours(1);
        await monitored.EnqueueAsync(delayed);

        TaskQueueSummary Summary() => streams.Monitor.TaskQueue.GetSummary().Queues.Single();
        await StreamsFixture.EventuallyAsync(
            () => (Summary().DepthByPriority.High, Summary().DepthByPriority.Low, Summary().Delayed, Summary().Running, Summary().Workers) == (1, 3, 1, 1, 5),
            $"the figures should be there, they are {Summary()}");
        var summary = Summary();
        (summary.System, summary.Capacity, summary.DepthByPriority.Normal, summary.Enqueued).Should().Be(("redis-streams", 10_000, 0, 7));
        summary.Priorities.Single(priority => priority.Priority == TaskPriority.Low).OldestTaskAge.Should().BePositive();
        summary.Priorities.Single(priority => priority.Priority == TaskPriority.Normal).OldestTaskAge.Should().Be(TimeSpan.Zero);
        here.State.Pending.Should().Be(2);
        here.State.Consumers.Should().Be(2);
        monitored.GetDepth().OldestAge.Should().BePositive();
    }

    [Fact]
    public async Task A_consumer_that_is_gone_for_long_is_removed_but_never_one_with_pending_tasks()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var normal = streams.Keys.Stream(TaskPriority.Normal);
        await streams.Database.StreamCreateConsumerGroupAsync(normal, "service", "0", createStream: true);
        await streams.AddRawAsync("n", "numbered", "i", "held", "p", """{"number":1}""");
        await streams.Database.StreamReadGroupAsync(normal, "service", "died-with-a-task");
        await streams.Database.ExecuteAsync("XGROUP", "CREATECONSUMER", (RedisKey)normal, "service", "died-idle");
        var queue = await streams.NodeAsync(options => (options.ConsumerRetention, options.ClaimIdleTime) = (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)));
        await queue.EnqueueAsync(StreamsFixture.Task(2));
        await ((ISettlingTaskQueue)queue).CompleteAsync(await StreamsFixture.TakeAsync(queue));
        using var stop = new CancellationTokenSource();
        var taking = queue.DequeueAsync(stop.Token).AsTask();

        async Task<string[]> ConsumersAsync() => [.. (await streams.Database.StreamConsumerInfoAsync(normal, "service")).Select(consumer => consumer.Name)];
        await StreamsFixture.EventuallyAsync(async () => !(await ConsumersAsync()).Contains("died-idle"), "the idle one should be removed");

        (await ConsumersAsync()).Should().BeEquivalentTo(["died-with-a-task", queue.Consumer]);
        taking.IsCompleted.Should().BeFalse();
        await stop.CancelAsync();
    }

    [Fact]
    public async Task A_node_that_stops_leaves_nothing_behind()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var (leaving, staying) = (await streams.NodeAsync(), await streams.NodeAsync());
        await leaving.EnqueueAsync(StreamsFixture.Task(1));
        await leaving.EnqueueAsync(StreamsFixture.Task(2));
        var done = await StreamsFixture.TakeAsync(leaving);
        var undone = await StreamsFixture.TakeAsync(leaving);

        await ((ISettlingTaskQueue)leaving).CompleteAsync(done);
        (await ((ISettlingTaskQueue)leaving).TryReturnAsync(undone)).Should().BeTrue();
        await leaving.DisposeAsync();

        (await streams.PendingAsync()).Should().Be(0);
        (await streams.Database.StreamConsumerInfoAsync(streams.Keys.Stream(TaskPriority.Normal), "service")).Should().BeEmpty();
        (await streams.Database.HashLengthAsync(streams.Keys.Nodes)).Should().Be(0);
        var again = await StreamsFixture.TakeAsync(staying);
        (again.Id, again.DeliveryCount, again.Attempt).Should().Be((undone.Id, 2, 0));
        await FluentActions.Awaiting(async () => await leaving.EnqueueAsync(StreamsFixture.Task(3))).Should().ThrowAsync<TaskQueueStoppedException>();
    }

    [Fact]
    public async Task A_worker_that_stops_waiting_loses_no_task()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync();
        const int count = 300;
        var taken = new System.Collections.Concurrent.ConcurrentBag<int>();
        async Task WorkAsync()
        {
            while (taken.Count < count)
            {
                using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 5)));
                try
                {
                    var task = await queue.DequeueAsync(impatience.Token);
                    await ((ISettlingTaskQueue)queue).CompleteAsync(task);
                    taken.Add(StreamsFixture.NumberOf(task));
                }
                catch (OperationCanceledException)
                {
                    // That is the point.
                }
            }
        }

        var workers = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(WorkAsync)));
        for (var i = 0; i < count; i++)
        {
            await queue.EnqueueAsync(StreamsFixture.Task(i));
        }

        await workers.WaitAsync(StreamsFixture.Patience);

        taken.Should().BeEquivalentTo(Enumerable.Range(0, count));
        await StreamsFixture.EventuallyAsync(async () => await streams.LengthAsync() == 0, "nothing should be left");
        queue.HeldCount.Should().Be(0);
    }
}
