using Microsoft.Extensions.Logging;
using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis;

/// <summary>A monitor that asks a real server every second, the application's monitored connection, and a bystander's view of the server.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly ILoggerFactory _logging;

    private ServerFixture(MonitoringOptions options, RecordingLog log)
    {
        Log = log;
        _logging = LoggerFactory.Create(logging => logging.AddProvider(log));
        Monitor = PerformanceMonitor.Create(options, loggerFactory: _logging);
    }

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public RecordingLog Log { get; }

    public PerformanceMonitor Monitor { get; }

    /// <summary>The bare connection that the application made.</summary>
    public ConnectionMultiplexer Bare { get; private set; } = null!;

    public IConnectionMultiplexer Monitored { get; private set; } = null!;

    /// <summary>Another client, with all rights and no monitor.</summary>
    public ConnectionMultiplexer Bystander { get; private set; } = null!;

    public IServer Server => Bystander.GetServer(Bystander.GetEndPoints()[0]);

    public static async Task<ServerFixture> StartAsync(
        ServerProcess server, string credentials = "", string bystander = "", Action<MonitoringOptions>? configure = null, Action<RedisConnectionOptions>? connection = null)
    {
        var options = new MonitoringOptions { System = { Enabled = false }, Redis = { Server = { PollInterval = TimeSpan.FromSeconds(1) } } };
        configure?.Invoke(options);
        var fixture = new ServerFixture(options, new RecordingLog());
        var redis = new RedisConnectionOptions { Name = "orders" };
        connection?.Invoke(redis);
        fixture.Bystander = await ConnectionMultiplexer.ConnectAsync($"{server.EndPoint},allowAdmin=true,name=bystander,abortConnect=false{bystander}");
        fixture.Bare = await ConnectionMultiplexer.ConnectAsync($"{server.EndPoint},name=application,abortConnect=false{credentials}");
        fixture.Monitored = fixture.Bare.WithMonitoring(fixture.Monitor, redis, fixture._logging.CreateLogger("Monitoring.Redis"));
        return fixture;
    }

    /// <summary>The connections that the server has from the monitor.</summary>
    public async Task<ClientInfo[]> MonitorClientsAsync() =>
        [.. (await Server.ClientListAsync()).Where(static client => client.Name == "monitoring")];

    public Task WaitForMonitorAsync(int clients) =>
        EventuallyAsync(async () => (await MonitorClientsAsync()).Length == clients, () => $"the monitor should have {clients} connections");

    public static Task EventuallyAsync(Func<Task<bool>> condition, Func<string> because) => Eventually.Async(condition, Patience, because);

    public static Task EventuallyAsync(Func<bool> condition, Func<string> because) => EventuallyAsync(() => Task.FromResult(condition()), because);

    public async ValueTask DisposeAsync()
    {
        await Monitored.DisposeAsync();
        await Monitor.DisposeAsync();
        await Bystander.DisposeAsync();
        _logging.Dispose();
    }
}
