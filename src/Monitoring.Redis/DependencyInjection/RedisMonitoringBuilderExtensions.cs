using Microsoft.Extensions.Logging;
using Monitoring;
using Monitoring.Redis;
using Monitoring.Redis.Decorators;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds monitored Redis connections to a container.</summary>
public static class RedisMonitoringBuilderExtensions
{
    /// <summary>
    /// Registers a monitored <see cref="IConnectionMultiplexer"/> as a singleton that connects when it is first asked for.
    /// Unless the configuration says otherwise (<c>abortConnect=true</c>), a Redis that is away does not fail the start:
    /// the client goes on connecting in the background and commands fail until it succeeds.
    /// </summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="configuration">Configuration of StackExchange.Redis, such as <c>localhost:6379</c>.</param>
    /// <param name="configure">Names the connection, or does without its circuit.</param>
    /// <exception cref="ArgumentException">The configuration cannot be read.</exception>
    public static IMonitoringBuilder AddRedis(this IMonitoringBuilder builder, string configuration, Action<RedisConnectionOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        var options = ConfigurationOptions.Parse(configuration);
        if (!configuration.Contains("abortConnect", StringComparison.OrdinalIgnoreCase))
        {
            options.AbortOnConnectFail = false;
        }

        return builder.AddRedis(_ => ConnectionMultiplexer.Connect(options), configure);
    }

    /// <summary>
    /// Registers a monitored <see cref="IConnectionMultiplexer"/> as a singleton. The container owns what
    /// <paramref name="connect"/> returns and disposes it once, through the monitored one.
    /// </summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="connect">Makes the connection.</param>
    /// <param name="configure">Names the connection, or does without its circuit.</param>
    public static IMonitoringBuilder AddRedis(
        this IMonitoringBuilder builder, Func<IServiceProvider, IConnectionMultiplexer> connect, Action<RedisConnectionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(connect);
        builder.Services.AddSingleton(provider => Monitored(provider, connect(provider), Options(configure, null)));
        return builder;
    }

    /// <summary>
    /// Monitors every <see cref="IConnectionMultiplexer"/> that is registered so far, keyed ones too, whatever its lifetime:
    /// call it after the registrations. A keyed connection is named by its key. Who disposed the connection before
    /// disposes it still: the container what it makes, the application the instances that it registered.
    /// </summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="configure">Does without circuits, or names the connections (the same name for all: one circuit).</param>
    /// <exception cref="InvalidOperationException">None is registered yet.</exception>
    public static IMonitoringBuilder DecorateRedis(this IMonitoringBuilder builder, Action<RedisConnectionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var found = false;
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i].ServiceType == typeof(IConnectionMultiplexer))
            {
                services[i] = Decorated(services[i], configure);
                found = true;
            }
        }

        return found
            ? builder
            : throw new InvalidOperationException($"{nameof(DecorateRedis)} found no {nameof(IConnectionMultiplexer)}: register it first, or use {nameof(AddRedis)}.");
    }

    private static ServiceDescriptor Decorated(ServiceDescriptor descriptor, Action<RedisConnectionOptions>? configure)
    {
        if (descriptor.IsKeyedService)
        {
            return ServiceDescriptor.DescribeKeyed(
                typeof(IConnectionMultiplexer),
                descriptor.ServiceKey,
                (provider, key) => Monitored(provider, KeyedInner(provider, key, descriptor), Options(configure, key), descriptor.KeyedImplementationInstance is null),
                descriptor.Lifetime);
        }

        return ServiceDescriptor.Describe(
            typeof(IConnectionMultiplexer),
            provider => Monitored(provider, Inner(provider, descriptor), Options(configure, null), descriptor.ImplementationInstance is null),
            descriptor.Lifetime);
    }

    private static IConnectionMultiplexer Inner(IServiceProvider provider, ServiceDescriptor descriptor) => (IConnectionMultiplexer)(
        descriptor.ImplementationInstance
        ?? descriptor.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, descriptor.ImplementationType!));

    private static IConnectionMultiplexer KeyedInner(IServiceProvider provider, object? key, ServiceDescriptor descriptor) => (IConnectionMultiplexer)(
        descriptor.KeyedImplementationInstance
        ?? descriptor.KeyedImplementationFactory?.Invoke(provider, key)
        ?? ActivatorUtilities.CreateInstance(provider, descriptor.KeyedImplementationType!));

    private static RedisConnectionOptions Options(Action<RedisConnectionOptions>? configure, object? key)
    {
        var options = new RedisConnectionOptions { Name = key?.ToString() };
        configure?.Invoke(options);
        return options;
    }

    private static IConnectionMultiplexer Monitored(
        IServiceProvider provider, IConnectionMultiplexer inner, RedisConnectionOptions options, bool ownsInner = true) =>
        RedisDecoration.Decorate(
            inner,
            provider.GetRequiredService<IPerformanceMonitor>(),
            options,
            provider.GetService<ILoggerFactory>()?.CreateLogger("Monitoring.Redis"),
            DecoratorChoice.Automatic,
            ownsInner);
}
