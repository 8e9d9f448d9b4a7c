using Microsoft.Extensions.Logging;
using Monitoring.IntegrationTests.Redis;
using Monitoring.Redis.Probes;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Probes;

/// <summary>A redis-server, a monitor that looks at its queues every second, and a connection of the test's own.</summary>
internal sealed class ProbeStage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ILoggerFactory _logging;
    private readonly List<IAsyncDisposable> _watched = [];

    private ProbeStage(ServerProcess server, ConnectionMultiplexer connection)
    {
        (Server, Connection) = (server, connection);
        _logging = LoggerFactory.Create(logging => logging.AddProvider(Log));
        Monitor = PerformanceMonitor.Create(loggerFactory: _logging);
    }

    public ServerProcess Server { get; }

    public ConnectionMultiplexer Connection { get; }

    public IDatabase Database => Connection.GetDatabase();

    public PerformanceMonitor Monitor { get; }

    public RecordingLog Log { get; } = new();

    public static async Task<ProbeStage> StartAsync(params string[] arguments)
    {
        var server = await ServerProcess.StartRedisAsync(arguments);
        return new ProbeStage(server, await ConnectionMultiplexer.ConnectAsync($"{server.EndPoint},allowAdmin=true,abortConnect=false"));
    }

    public void Watch(QueueSystem system, Action<RedisQueueProbeOptions>? configure = null, IConnectionMultiplexer? connection = null) =>
        _watched.Add((connection ?? Connection).WatchQueues(
            Monitor,
            system,
            options =>
            {
                options.PollInterval = TimeSpan.FromSeconds(1);
                configure?.Invoke(options);
            },
            _logging.CreateLogger("Monitoring.Redis")));

    public TaskQueueSummary? Find(string queue) => Monitor.TaskQueue.GetSummary().Queues.SingleOrDefault(found => found.Name == queue);

    /// <summary>Waits until the summary of a queue is equivalent to what is expected.</summary>
    public async Task ExpectAsync(string queue, object expected)
    {
        var why = "";
        await Eventually.Async(
            () =>
            {
                try
                {
                    Find(queue).Should().BeEquivalentTo(expected);
                    return Task.FromResult(true);
                }
                catch (Exception exception) when (exception.GetType().Name == "XunitException")
                {
                    why = exception.Message;
                    return Task.FromResult(false);
                }
            },
            Patience,
            () => $"{queue}: {why} {string.Join(Environment.NewLine, Log.Lines)}");
    }

    /// <summary>The age of the oldest task is its age by the system's clock: ours, read up to two polls ago.</summary>
    public void ExpectOldest(string queue, DateTimeOffset since) =>
        (DateTimeOffset.UtcNow - Find(queue)!.OldestTaskAge).Should().BeCloseTo(since, TimeSpan.FromSeconds(15)).And.BeOnOrAfter(since.AddMilliseconds(-5));

    public async ValueTask DisposeAsync()
    {
        foreach (var watched in _watched)
        {
            await watched.DisposeAsync();
        }

        await Monitor.DisposeAsync();
        await Connection.DisposeAsync();
        await Server.DisposeAsync();
        _logging.Dispose();
    }
}
