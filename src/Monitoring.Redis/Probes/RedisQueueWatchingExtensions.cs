using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Monitoring.Redis.Probes;

/// <summary>Watches queues that other systems keep in Redis, without a container.</summary>
public static class RedisQueueWatchingExtensions
{
    /// <summary>
    /// Watches queues of another system: their figures join those of the queues in this process. They are asked in the
    /// background, with commands that only read, until the result or the monitor is disposed.
    /// </summary>
    /// <param name="connection">Where to ask; stays the caller's. Commands are not recorded as the application's, even if it is monitored.</param>
    /// <param name="monitor">Who gets the figures.</param>
    /// <param name="system">Whose queues.</param>
    /// <param name="queues">Their names as the system knows them; all that are found when none is named.</param>
    /// <returns>Ends the watching; waits for a poll that is under way, 5 s at most. What it said last holds for two more minutes.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="OptionsValidationException">There are more than 50 queues, or one without a name.</exception>
    public static IAsyncDisposable WatchQueues(this IConnectionMultiplexer connection, IPerformanceMonitor monitor, QueueSystem system, params string[] queues)
    {
        ArgumentNullException.ThrowIfNull(queues);
        return connection.WatchQueues(monitor, system, options =>
        {
            foreach (var queue in queues)
            {
                options.Queues.Add(queue);
            }
        });
    }

    /// <inheritdoc cref="WatchQueues(IConnectionMultiplexer, IPerformanceMonitor, QueueSystem, string[])"/>
    /// <param name="connection">Where to ask; stays the caller's. Commands are not recorded as the application's, even if it is monitored.</param>
    /// <param name="monitor">Who gets the figures.</param>
    /// <param name="system">Whose queues.</param>
    /// <param name="configure">Names the queues, and says how they are watched. Its connections are not used.</param>
    /// <param name="logger">Told when the queues cannot be read, and when they can again.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="OptionsValidationException">An option is out of its range; names key, value and range.</exception>
    public static IAsyncDisposable WatchQueues(
        this IConnectionMultiplexer connection, IPerformanceMonitor monitor, QueueSystem system, Action<RedisQueueProbeOptions> configure, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(monitor);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new RedisQueueProbeOptions();
        configure(options);
        QueueProbe.Validate(system, options);
        return new QueueProbe(() => connection, monitor, system, options, logger ?? NullLogger.Instance);
    }
}
