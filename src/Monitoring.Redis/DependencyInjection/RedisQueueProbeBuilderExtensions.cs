using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Monitoring.Redis.DependencyInjection;
using Monitoring.Redis.Probes;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Watches queues that other systems keep in Redis.</summary>
public static class RedisQueueProbeBuilderExtensions
{
    /// <summary>
    /// Watches queues of another system: their figures join those of the queues in this process. They are asked in the
    /// background, from the host's start to its stop, with commands that only read.
    /// </summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="system">Whose queues.</param>
    /// <param name="queues">Their names as the system knows them; all that are found when none is named.</param>
    /// <exception cref="OptionsValidationException">There are more than 50 queues, or one without a name.</exception>
    public static IMonitoringBuilder AddRedisQueueProbe(this IMonitoringBuilder builder, QueueSystem system, params string[] queues)
    {
        ArgumentNullException.ThrowIfNull(queues);
        return builder.AddRedisQueueProbe(system, options =>
        {
            foreach (var queue in queues)
            {
                options.Queues.Add(queue);
            }
        });
    }

    /// <inheritdoc cref="AddRedisQueueProbe(IMonitoringBuilder, QueueSystem, string[])"/>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="system">Whose queues.</param>
    /// <param name="configure">Names the queues and the connection, and says how they are watched; called once, at once.</param>
    /// <exception cref="OptionsValidationException">An option is out of its range; names key, value and range.</exception>
    public static IMonitoringBuilder AddRedisQueueProbe(this IMonitoringBuilder builder, QueueSystem system, Action<RedisQueueProbeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new RedisQueueProbeOptions();
        configure(options);
        QueueProbe.Validate(system, options);

        // One for each call: several systems, and several installations of one.
        builder.Services.AddSingleton<IHostedService>(provider => new QueueProbeService(provider, system, options));
        return builder;
    }
}
