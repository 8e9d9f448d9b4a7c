using Microsoft.Extensions.Options;
using Monitoring.DependencyInjection;
using Monitoring.Services;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Watches Redis as a service.</summary>
public static class RedisProbeBuilderExtensions
{
    /// <summary>
    /// Watches Redis with PING on the connection that the host has registered. It goes the way that the application's commands
    /// go, so an open circuit fails it too, and it is counted among them.
    /// </summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="name">A short name, 100 characters at most: what alerts, the API and metrics call it.</param>
    /// <param name="configure">Changes the defaults; called once, at once.</param>
    /// <param name="connectionKey">Key of the connection, where there are several.</param>
    /// <exception cref="ArgumentException">The name is empty, too long or taken.</exception>
    /// <exception cref="OptionsValidationException">An option is out of its range; names service, key, value and range.</exception>
    public static IMonitoringBuilder AddRedisProbe(this IMonitoringBuilder builder, string name = "redis", Action<ServiceProbeOptions>? configure = null, object? connectionKey = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new ServiceProbeOptions();
        configure?.Invoke(options);

        // By the probe and not by the start: the container may connect only now.
        ServiceProbeRegistration.Register(builder.Services, new ServiceProbeRegistration(name, "redis", provider => token => PingAsync(Connection(provider), token), options));
        return builder;

        IConnectionMultiplexer Connection(IServiceProvider provider) =>
            connectionKey is null ? provider.GetRequiredService<IConnectionMultiplexer>() : provider.GetRequiredKeyedService<IConnectionMultiplexer>(connectionKey);
    }

    private static async ValueTask<ServiceProbeResult> PingAsync(IConnectionMultiplexer connection, CancellationToken token)
    {
        await connection.GetDatabase().PingAsync().WaitAsync(token).ConfigureAwait(false);
        return ServiceProbeResult.Healthy;
    }
}
