using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Monitoring;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;
using Monitoring.DependencyInjection;
using Monitoring.History;
using Monitoring.TaskQueues;
using Monitoring.Telemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the monitor.</summary>
public static class MonitoringServiceCollectionExtensions
{
    /// <summary>Adds the monitor with the settings of <paramref name="section"/>, which are validated when the host starts. Those that can are taken over when it changes.</summary>
    public static IMonitoringBuilder AddMonitoring(this IServiceCollection services, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var builder = services.AddMonitoring();
        services.AddOptions<MonitoringOptions>().Bind(section);
        return builder;
    }

    /// <summary>
    /// Adds the monitor, which runs from the host's start until its services are disposed. A second call adds settings only.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Changes the defaults; runs before the settings are validated.</param>
    public static IMonitoringBuilder AddMonitoring(this IServiceCollection services, Action<MonitoringOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<MonitoringOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MonitoringOptions>, MonitoringOptionsValidator>());
        services.TryAddSingleton<IPerformanceMonitor>(static provider =>
        {
            var monitor = new PerformanceMonitor(
                provider.GetRequiredService<IOptions<MonitoringOptions>>().Value,
                provider.GetService<TimeProvider>() ?? TimeProvider.System,
                provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
                provider.GetServices<IMetricSource>(),
                provider.GetServices<IAlertNotifier>(),
                provider.GetService<IMeterFactory>(),
                provider.GetServices<IAlertRule>(),
                provider.GetService<IStateStore>());
            ServiceProbeRegistration.AddAll(monitor.Services, provider);
            return monitor;
        });
        services.TryAddSingleton<IAdmission>(static provider => provider.GetRequiredService<IPerformanceMonitor>().TaskQueue.Admission);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAlertNotifier, LogNotifier>(
            static provider => new LogNotifier(
                provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
                provider.GetRequiredService<IOptions<LogNotifierOptions>>().Value)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LogNotifierOptions>, NotifierOptionsValidator<LogNotifierOptions>>());
        services.AddOptions<LogNotifierOptions>().ValidateOnStart();
        services.TryAddSingleton<OptionsReload>();
        services.TryAddSingleton<MonitorSettings>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MonitoringStarter>());
        services.TryAddSingleton(provider => new CacheDiscovery(provider, services));
        return new MonitoringBuilder(services);
    }
}
