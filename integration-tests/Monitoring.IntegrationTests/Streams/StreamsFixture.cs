using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Monitoring.IntegrationTests.Redis;
using Monitoring.Redis.Streams;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Streams;

internal sealed record Numbered(int Number);

internal sealed record Unnamed(int Number);

/// <summary>A redis-server of its own, and queues on it: each on a connection of its own, as a process has.</summary>
internal sealed class StreamsFixture : IAsyncDisposable
{
    public const string QueueName = "orders";

    private readonly List<IAsyncDisposable> _owned = [];
    private readonly ILoggerFactory _logging;

    private StreamsFixture(ServerProcess server, ConnectionMultiplexer bystander)
    {
        (Server, Bystander) = (server, bystander);
        _logging = LoggerFactory.Create(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Debug));
    }

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public ServerProcess Server { get; }

    public ConnectionMultiplexer Bystander { get; }

    public RecordingLog Log { get; } = new();

    public PerformanceMonitor Monitor { get; } = PerformanceMonitor.Create(new MonitoringOptions());

    public IDatabase Database => Bystander.GetDatabase();

    public StreamKeys Keys { get; } = new($"tasks:{{{QueueName}}}");

    public static async Task<StreamsFixture> StartAsync(params string[] arguments)
    {
        var server = await ServerProcess.StartRedisAsync(arguments);
        return new StreamsFixture(server, await ConnectionMultiplexer.ConnectAsync($"{server.EndPoint},allowAdmin=true,abortConnect=false"));
    }

    /// <summary>A node. Claims after two seconds, so that tests see it.</summary>
    public async Task<RedisTaskQueue> NodeAsync(Action<RedisTaskQueueOptions>? configure = null)
    {
        var options = new RedisTaskQueueOptions { ClaimIdleTime = TimeSpan.FromSeconds(2), PollInterval = TimeSpan.FromMilliseconds(200), Group = "service" };
        options.AddMessage<Numbered>("numbered");
        configure?.Invoke(options);
        var connection = await ConnectionMultiplexer.ConnectAsync($"{Server.EndPoint},abortConnect=false");
        var queue = new RedisTaskQueue(QueueName, connection, options, logger: _logging.CreateLogger<RedisTaskQueue>());
        _owned.Add(connection);
        _owned.Add(queue);
        return queue;
    }

    public static BackgroundTask Task(int number, TaskPriority priority = TaskPriority.Normal) => BackgroundTask.ForMessage(new Numbered(number), priority);

    public static int NumberOf(BackgroundTask task) => ((Numbered)task.Message!).Number;

    public static async Task<BackgroundTask> TakeAsync(RedisTaskQueue queue)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await queue.DequeueAsync(patience.Token);
    }

    /// <summary>Asserts that nothing comes while a poll or two go by.</summary>
    public static async Task TakeNothingAsync(RedisTaskQueue queue)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(700));
        var take = async () => await queue.DequeueAsync(patience.Token);
        await take.Should().ThrowAsync<OperationCanceledException>();
    }

    public static Task EventuallyAsync(Func<Task<bool>> condition, string because) => Eventually.Async(condition, Patience, () => because);

    public static Task EventuallyAsync(Func<bool> condition, string because) => EventuallyAsync(() => System.Threading.Tasks.Task.FromResult(condition()), because);

    /// <summary>Everything in the streams, delivered or not.</summary>
    public async Task<long> LengthAsync() => (await System.Threading.Tasks.Task.WhenAll(Keys.Streams.Select(stream => Database.StreamLengthAsync(stream)))).Sum();

    public async Task<long> PendingAsync()
    {
        var sum = 0L;
        foreach (var stream in Keys.Streams)
        {
            sum += (await Database.KeyExistsAsync(stream)) ? (await Database.StreamGroupInfoAsync(stream)).Sum(group => group.PendingMessageCount) : 0;
        }

        return sum;
    }

    public Task AddRawAsync(params string[] fields) => Database.StreamAddAsync(
        Keys.Stream(TaskPriority.Normal), [.. fields.Chunk(2).Select(pair => new NameValueEntry(pair[0], Encoding.UTF8.GetBytes(pair[1])))]);

    public static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        await Monitor.DisposeAsync();
        await Bystander.DisposeAsync();
        await Server.DisposeAsync();
        _logging.Dispose();
    }
}
