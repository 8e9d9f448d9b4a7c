using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Redis.Probes;
using StackExchange.Redis;

namespace Monitoring.Redis.DependencyInjection;

/// <summary>Polls from the host's start to its stop.</summary>
internal sealed class QueueProbeService(IServiceProvider provider, QueueSystem system, RedisQueueProbeOptions options) : IHostedService, IAsyncDisposable
{
    private QueueProbe? _probe;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _probe = new QueueProbe(
            GetConnection,
            provider.GetRequiredService<IPerformanceMonitor>(),
            system,
            options,
            provider.GetService<ILoggerFactory>()?.CreateLogger("Monitoring.Redis") ?? NullLogger.Instance);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _probe?.DisposeAsync() ?? ValueTask.CompletedTask;

    // By the poll and not by the start: the container may connect only now.
    private IConnectionMultiplexer GetConnection() =>
        options.Connection
        ?? (options.ConnectionKey is { } key ? provider.GetRequiredKeyedService<IConnectionMultiplexer>(key) : provider.GetRequiredService<IConnectionMultiplexer>());
}
