using Microsoft.Extensions.Logging;
using Monitoring.Redis;
using Monitoring.Redis.Decorators;
using StackExchange.Redis;

namespace Monitoring;

/// <summary>Monitors multiplexers without a container.</summary>
public static class RedisMonitoringExtensions
{
    /// <summary>
    /// The same multiplexer, monitored: every command of every database, server, subscriber, batch and transaction that is
    /// obtained through it is recorded, and its circuit fails them fast while Redis is away. Disposing or closing it
    /// disposes or closes <paramref name="connection"/>. Thread-safe.
    /// </summary>
    /// <param name="connection">The multiplexer. One that this monitor monitors already is returned as it is.</param>
    /// <param name="monitor">Who monitors it.</param>
    /// <param name="options">Its name and whether it has a circuit; the defaults when null. Ignored for a multiplexer that is monitored already.</param>
    /// <param name="logger">Told, once a process, when the loaded StackExchange.Redis needs the slower dynamic decorator.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IConnectionMultiplexer WithMonitoring(
        this IConnectionMultiplexer connection, IPerformanceMonitor monitor, RedisConnectionOptions? options = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(monitor);
        return RedisDecoration.Decorate(connection, monitor, options ?? new RedisConnectionOptions(), logger, DecoratorChoice.Automatic);
    }
}
