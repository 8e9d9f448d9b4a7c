using System.Data.Common;
using Microsoft.Extensions.Options;
using Monitoring.DependencyInjection;
using Monitoring.Services;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Watches services that this one depends on: each is asked in the background, from the host's start until its services are
/// disposed. Options are validated at once and read once.
/// </summary>
public static class ServiceProbeBuilderExtensions
{
    /// <summary>Watches an HTTP endpoint with GET.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="name">A short name, 100 characters at most: what alerts, the API and metrics call it.</param>
    /// <param name="address">An absolute http or https address.</param>
    /// <param name="configure">Changes the defaults; called once, at once.</param>
    /// <exception cref="ArgumentException">The name is empty, too long or taken, or the address is not one of http.</exception>
    /// <exception cref="OptionsValidationException">An option is out of its range; names service, key, value and range.</exception>
    public static IMonitoringBuilder AddServiceProbe(this IMonitoringBuilder builder, string name, Uri address, Action<HttpProbeOptions>? configure = null)
    {
        var options = Configured(configure);
        var probe = Probes.Http(address, options);
        return builder.Register(name, "http", _ => probe, options);
    }

    /// <summary>Watches whether a TCP port takes connections.</summary>
    /// <inheritdoc cref="AddServiceProbe(IMonitoringBuilder, string, Uri, Action{HttpProbeOptions}?)"/>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="name">A short name, 100 characters at most: what alerts, the API and metrics call it.</param>
    /// <param name="host">Name or address.</param>
    /// <param name="port">1 to 65,535.</param>
    /// <param name="configure">Changes the defaults; called once, at once.</param>
    public static IMonitoringBuilder AddServiceProbe(this IMonitoringBuilder builder, string name, string host, int port, Action<ServiceProbeOptions>? configure = null)
    {
        var probe = Probes.Tcp(host, port);
        return builder.Register(name, "tcp", _ => probe, Configured(configure));
    }

    /// <summary>Watches a database with <c>SELECT 1</c>.</summary>
    /// <inheritdoc cref="AddServiceProbe(IMonitoringBuilder, string, Uri, Action{HttpProbeOptions}?)"/>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="name">A short name, 100 characters at most: what alerts, the API and metrics call it.</param>
    /// <param name="connect">Makes a closed connection, such as <c>sp => sp.GetRequiredService&lt;DbDataSource&gt;().CreateConnection()</c>; the probe opens and disposes it.</param>
    /// <param name="configure">Changes the defaults; called once, at once.</param>
    public static IMonitoringBuilder AddServiceProbe(this IMonitoringBuilder builder, string name, Func<IServiceProvider, DbConnection> connect, Action<ServiceProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(connect);
        var options = Configured(configure);
        return builder.Register(name, "database", provider => Probes.Database(() => connect(provider), options.Timeout), options);
    }

    /// <summary>Watches a service with a probe of the application's own.</summary>
    /// <inheritdoc cref="AddServiceProbe(IMonitoringBuilder, string, Uri, Action{HttpProbeOptions}?)"/>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="name">A short name, 100 characters at most: what alerts, the API and metrics call it.</param>
    /// <param name="probe">Asks it, with the services of the host (the root: make a scope for what is scoped); never called while a call before has not ended. What it throws is a failure.</param>
    /// <param name="configure">Changes the defaults; called once, at once.</param>
    public static IMonitoringBuilder AddServiceProbe(
        this IMonitoringBuilder builder,
        string name,
        Func<IServiceProvider, CancellationToken, ValueTask<ServiceProbeResult>> probe,
        Action<ServiceProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return builder.Register(name, "custom", provider => token => probe(provider, token), Configured(configure));
    }

    private static IMonitoringBuilder Register(this IMonitoringBuilder builder, string name, string kind, Func<IServiceProvider, ServiceProbe> make, ServiceProbeOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ServiceProbeRegistration.Register(builder.Services, new ServiceProbeRegistration(name, kind, make, options));
        return builder;
    }

    private static TOptions Configured<TOptions>(Action<TOptions>? configure)
        where TOptions : ServiceProbeOptions, new()
    {
        var options = new TOptions();
        configure?.Invoke(options);
        return options;
    }
}
