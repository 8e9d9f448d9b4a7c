using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Monitoring.AspNetCore;
using Monitoring.AspNetCore.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The monitor and the host's health checks, both ways.</summary>
public static class MonitoringHealthCheckExtensions
{
    /// <summary>
    /// Adds the monitor to the host's health checks: <c>monitoring</c> by its active alerts (a critical one is unhealthy, a
    /// warning degraded), and each registered probe under its name. They answer with what the monitor knows and ask nobody.
    /// </summary>
    /// <param name="builder">The host's health checks.</param>
    /// <param name="tags">Tags of these checks, such as <c>ready</c>. Not for liveness: restarting a process does not bring back what it depends on.</param>
    public static IHealthChecksBuilder AddMonitoring(this IHealthChecksBuilder builder, params string[] tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(tags);
        builder.Services.TryAddSingleton(new OwnHealthCheckTags([.. tags]));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HealthCheckServiceOptions>, OwnHealthChecks>());
        return builder;
    }

    /// <summary>
    /// Has the monitor run the health checks that the host has registered, each as a service with alerts, history and uptime.
    /// Not done by itself: a check may cost more than is good for every interval.
    /// </summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="configure">Changes the defaults, which are those of probes; called once, at once.</param>
    /// <exception cref="OptionsValidationException">An option is out of its range.</exception>
    public static IMonitoringBuilder AddHealthCheckProbes(this IMonitoringBuilder builder, Action<HealthCheckProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new HealthCheckProbeOptions();
        configure?.Invoke(options);
        options.Validate("health checks");
        builder.Services.AddHealthChecks();
        builder.Services.TryAddSingleton(options);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HostHealthChecks>());
        return builder;
    }
}
