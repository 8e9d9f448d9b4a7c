using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring;
using Monitoring.DependencyInjection;
using Monitoring.TaskQueues;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the in-process task queue.</summary>
public static class TaskQueueBuilderExtensions
{
    /// <summary>
    /// Adds the bounded priority queue, monitored, and a <see cref="TaskProcessor"/> that runs its tasks. It is the keyed
    /// <see cref="IBackgroundTaskQueue"/> of its name, <c>tasks</c>, and the one without a key if there is none yet.
    /// </summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="configure">
    /// Overrides the settings of the section <c>Monitoring:TaskQueue</c>. Those of the workers (see <see cref="TaskProcessorOptions"/>)
    /// take effect when the section changes; those of the queue are read once.
    /// </param>
    public static IMonitoringBuilder AddTaskQueue(this IMonitoringBuilder builder, Action<TaskQueueOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (configure is not null)
        {
            services.Configure<MonitoringOptions>(options => configure(options.TaskQueue));
        }

        services.TryAddSingleton(static provider => new BoundedTaskQueue(
            provider.GetRequiredService<IOptions<MonitoringOptions>>().Value.TaskQueue,
            provider.GetService<TimeProvider>(),
            provider.GetService<IServiceProviderIsService>()));
        services.TryAddKeyedSingleton(TaskQueueMonitor.DefaultQueue, static (provider, _) =>
            provider.GetRequiredService<BoundedTaskQueue>().WithMonitoring(provider.GetRequiredService<IPerformanceMonitor>()));
        services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<IBackgroundTaskQueue>(TaskQueueMonitor.DefaultQueue));

        // By its key: the queue without one may be another that was added before.
        services.TryAddSingleton(static provider => new TaskProcessor(
            provider.GetRequiredKeyedService<IBackgroundTaskQueue>(TaskQueueMonitor.DefaultQueue),
            provider.GetRequiredService<IOptions<MonitoringOptions>>().Value.TaskQueue,
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<IPerformanceMonitor>(),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<TaskProcessor>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILiveSettings, TaskQueueLiveSettings>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TaskProcessor>(
            static provider => provider.GetRequiredService<TaskProcessor>()));
        return builder;
    }

    /// <summary>Registers the handler of a message, so that <c>queue.EnqueueAsync(message)</c> reaches it.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <typeparam name="THandler">Its handler, created in a scope of its own for each attempt.</typeparam>
    /// <param name="builder">The monitor's builder.</param>
    /// <exception cref="InvalidOperationException">The message has another handler already.</exception>
    public static IMonitoringBuilder AddTaskHandler<TMessage, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(this IMonitoringBuilder builder)
        where TMessage : notnull
        where THandler : class, ITaskHandler<TMessage>
    {
        ArgumentNullException.ThrowIfNull(builder);
        var known = builder.Services.FirstOrDefault(static service => service.ServiceType == typeof(ITaskHandler<TMessage>));
        if (known is not null && known.ImplementationType != typeof(THandler))
        {
            throw new InvalidOperationException($"The message {typeof(TMessage)} has a handler already: {known.ImplementationType}.");
        }

        builder.Services.TryAddScoped<ITaskHandler<TMessage>, THandler>();
        return builder;
    }
}
