using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Robustness;

/// <summary>A real server, a bare connection to it, a monitored one, and nothing else.</summary>
public sealed class MonitoredServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // So that a short stall opens the circuit, however many calls succeeded before.
    private const double LowRatio = 0.01;

    private MonitoredServer(ServerProcess server, PerformanceMonitor monitor, ConnectionMultiplexer bare, IConnectionMultiplexer monitored) =>
        (Server, Monitor, Bare, Monitored) = (server, monitor, bare, monitored);

    public ServerProcess Server { get; }

    public PerformanceMonitor Monitor { get; }

    public ConnectionMultiplexer Bare { get; }

    public IConnectionMultiplexer Monitored { get; }

    public RedisOperationSummary Summary => Monitor.Redis.GetSummary();

    /// <param name="timeout">How long a command may take, in milliseconds.</param>
    /// <param name="circuit">Whether a circuit breaker guards the monitored connection.</param>
    public static async Task<MonitoredServer> StartAsync(int timeout = 60_000, bool circuit = true)
    {
        var server = await ServerProcess.StartRedisAsync();
        var configuration = $"{server.EndPoint},abortConnect=false,syncTimeout={timeout},asyncTimeout={timeout}";
        var monitor = PerformanceMonitor.Create(new MonitoringOptions { CircuitBreaker = { FailureRatio = LowRatio } });
        var options = new RedisConnectionOptions { Name = "test", UseCircuitBreaker = circuit };
        return new MonitoredServer(
            server,
            monitor,
            await ConnectionMultiplexer.ConnectAsync(configuration),
            (await ConnectionMultiplexer.ConnectAsync(configuration)).WithMonitoring(monitor, options));
    }

    /// <summary>What is recorded of a command; zeros when nothing is.</summary>
    public RedisOperationStatistics Operation(string command) =>
        Summary.OperationsByType.GetValueOrDefault(command) ?? new RedisOperationStatistics { Operation = command };

    public async ValueTask DisposeAsync()
    {
        await Monitored.DisposeAsync();
        await Bare.DisposeAsync();
        Monitor.Dispose();
        await Server.DisposeAsync();
    }
}
