using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring;
using Monitoring.Redis.Streams;
using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds task queues on Redis Streams to a container.</summary>
public static class RedisTaskQueueBuilderExtensions
{
    /// <summary>
    /// Adds a queue on Redis Streams, monitored, and a <see cref="TaskProcessor"/> that runs its tasks
    /// (<see cref="RedisTaskQueueOptions.RunTasks"/>). It is the keyed <see cref="IBackgroundTaskQueue"/> of its name, and
    /// the one without a key if there is none yet. Several queues may be added, each with workers of its own.
    /// </summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="name">Its name, 1 to 64 letters, digits, dots, dashes and underscores: part of its keys, the same in every process.</param>
    /// <param name="configure">Says which messages it carries, and the rest where the defaults do not fit.</param>
    /// <exception cref="ArgumentException">The name or an option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is a queue of that name already.</exception>
    public static IMonitoringBuilder AddRedisTaskQueue(this IMonitoringBuilder builder, string name, Action<RedisTaskQueueOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new RedisTaskQueueOptions();
        configure(options);
        RedisTaskQueue.ThrowIfInvalid(name, options);
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(RedisTaskQueue) && Equals(service.ServiceKey, name)))
        {
            throw new InvalidOperationException($"There is a Redis task queue '{name}' already.");
        }

        services.AddKeyedSingleton(name, (provider, _) => Create(provider, name, options));
        services.AddKeyedSingleton(name, (provider, _) =>
            provider.GetRequiredKeyedService<RedisTaskQueue>(name).WithMonitoring(provider.GetRequiredService<IPerformanceMonitor>()));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IBackgroundTaskQueue>(name));
        if (options.RunTasks)
        {
            services.AddKeyedSingleton(name, (provider, _) => new TaskProcessor(
                provider.GetRequiredKeyedService<IBackgroundTaskQueue>(name),
                options,
                provider.GetRequiredService<IServiceScopeFactory>(),
                provider.GetRequiredService<IPerformanceMonitor>(),
                provider.GetService<TimeProvider>(),
                provider.GetService<ILogger<TaskProcessor>>()));
            services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<TaskProcessor>(name));
        }

        return builder;
    }

    private static RedisTaskQueue Create(IServiceProvider provider, string name, RedisTaskQueueOptions options)
    {
        options.Group ??= provider.GetService<IHostEnvironment>()?.ApplicationName is { Length: > 0 and <= 128 } application ? application : null;
        var connection = options.Connection?.Invoke(provider)
            ?? (options.ConnectionKey is { } key ? provider.GetRequiredKeyedService<IConnectionMultiplexer>(key) : provider.GetRequiredService<IConnectionMultiplexer>());
        return new RedisTaskQueue(name, connection, options, provider.GetService<TimeProvider>(), provider.GetService<ILogger<RedisTaskQueue>>());
    }
}
