using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Streams;

/// <summary>The queue as a service has it: registered, monitored, run by the processor.</summary>
public sealed class ServiceTests
{
    private readonly ConcurrentBag<TaskContext> _seen = [];

    [Fact]
    public async Task A_service_runs_retries_and_gives_up_tasks_and_leaves_nothing_when_it_stops()
    {
        await using var streams = await StreamsFixture.StartAsync();
        using var host = Build(streams);
        await host.StartAsync();
        var queue = host.Services.GetRequiredService<IBackgroundTaskQueue>();
        queue.Should().BeSameAs(host.Services.GetRequiredKeyedService<IBackgroundTaskQueue>(StreamsFixture.QueueName));
        var good = StreamsFixture.Task(1, TaskPriority.High);
        var bad = StreamsFixture.Task(-1);

        await queue.EnqueueAsync(good);
        await queue.EnqueueAsync(bad);

        var monitor = host.Services.GetRequiredService<IPerformanceMonitor>();
        var managed = monitor.TaskQueue.ManagedQueues.Single(known => known.Name == StreamsFixture.QueueName);
        await StreamsFixture.EventuallyAsync(async () => (await managed.GetDeadLettersAsync()).Count == 1, "the bad task should be given up");
        var letter = (await managed.GetDeadLettersAsync()).Single();
        (letter.Id, letter.Reason, letter.Attempts, letter.ExceptionType).Should().Be((bad.Id, DeadLetterReason.AttemptsExhausted, 2, typeof(InvalidOperationException).FullName));
        _seen.Where(context => context.Id == bad.Id).Select(context => (context.Attempt, context.DeliveryCount)).Should().BeEquivalentTo([(1, 1), (2, 2)]);
        await StreamsFixture.EventuallyAsync(() => _seen.Any(context => context.Id == good.Id), "the good task should be done");
        TaskQueueSummary Summary() => monitor.TaskQueue.GetSummary().Queues.Single(summary => summary.Name == StreamsFixture.QueueName);
        await StreamsFixture.EventuallyAsync(() => Summary() is { Completed: 1, Failed: 1, Retried: 1, DeadLettered: 1, DeadLetters: 1, CurrentDepth: 0, Running: 0 }, $"the figures should say so");
        (Summary().System, Summary().Enqueued, Summary().Workers).Should().Be(("redis-streams", 2, 4));

        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();

        (await streams.PendingAsync()).Should().Be(0);
        (await streams.LengthAsync()).Should().Be(0);
        foreach (var stream in streams.Keys.Streams.Where(stream => streams.Database.KeyExists(stream)))
        {
            (await streams.Database.StreamConsumerInfoAsync(stream, "service")).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task A_service_that_stops_gives_running_tasks_back_for_others_to_take_at_once()
    {
        await using var streams = await StreamsFixture.StartAsync();
        using var host = Build(streams, TimeSpan.Zero);
        await host.StartAsync();
        var slow = StreamsFixture.Task(int.MaxValue);
        await host.Services.GetRequiredService<IBackgroundTaskQueue>().EnqueueAsync(slow);
        await StreamsFixture.EventuallyAsync(() => !_seen.IsEmpty, "the task should run");

        // It would be claimed after an hour.
        await host.StopAsync();
        var other = await streams.NodeAsync(options => options.ClaimIdleTime = TimeSpan.FromHours(1));
        var again = await StreamsFixture.TakeAsync(other);

        (again.Id, again.Attempt, again.DeliveryCount).Should().Be((slow.Id, 0, 2));
    }

    [Fact]
    public async Task A_producer_has_the_queue_and_no_workers_and_two_queues_do_not_meet()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMonitoring()
            .AddRedis($"{streams.Server.EndPoint},abortConnect=false")
            .AddRedisTaskQueue("first", ProduceOnly)
            .AddRedisTaskQueue("second", ProduceOnly);
        var again = () => builder.Services.AddMonitoring().AddRedisTaskQueue("first", _ => { });
        again.Should().Throw<InvalidOperationException>().WithMessage("*'first' already*");
        using var host = builder.Build();

        host.Services.GetServices<IHostedService>().Should().NotContain(service => service is TaskProcessor);
        await host.Services.GetRequiredService<IBackgroundTaskQueue>().EnqueueAsync(StreamsFixture.Task(1));
        await host.Services.GetRequiredKeyedService<IBackgroundTaskQueue>("second").EnqueueAsync(StreamsFixture.Task(2));
        await host.Services.GetRequiredKeyedService<IBackgroundTaskQueue>("second").EnqueueAsync(StreamsFixture.Task(3));

        (await streams.Database.StreamLengthAsync("tasks:{first}:normal")).Should().Be(1);
        (await streams.Database.StreamLengthAsync("tasks:{second}:normal")).Should().Be(2);
    }

    private static void ProduceOnly(Monitoring.Redis.Streams.RedisTaskQueueOptions options)
    {
        options.RunTasks = false;
        options.AddMessage<Numbered>("numbered");
    }

    private IHost Build(StreamsFixture streams, TimeSpan? drain = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(logging => logging.AddProvider(streams.Log));
        builder.Services.AddSingleton(_seen);
        builder.Services.AddMonitoring()
            .AddRedis($"{streams.Server.EndPoint},abortConnect=false")
            .AddRedisTaskQueue(StreamsFixture.QueueName, options =>
            {
                options.Group = "service";
                options.Workers = 4;
                options.MaxAttempts = 2;
                options.RetryBaseDelay = TimeSpan.FromMilliseconds(50);
                options.DrainTimeout = drain ?? options.DrainTimeout;
                options.AddMessage<Numbered>("numbered");
            })
            .AddTaskHandler<Numbered, NumberedHandler>();
        return builder.Build();
    }

    private sealed class NumberedHandler(ConcurrentBag<TaskContext> seen) : ITaskHandler<Numbered>
    {
        public async ValueTask HandleAsync(Numbered message, TaskContext context, CancellationToken cancellationToken)
        {
            seen.Add(context);
            if (message.Number < 0)
            {
                throw new InvalidOperationException("A bad number.");
            }

            await Task.Delay(message.Number == int.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken);
        }
    }
}
