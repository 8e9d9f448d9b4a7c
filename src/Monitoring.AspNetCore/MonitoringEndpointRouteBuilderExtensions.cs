using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring;
using Monitoring.AspNetCore;
using Monitoring.AspNetCore.Endpoints;
using Monitoring.AspNetCore.Live;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Page;
using Monitoring.AspNetCore.Prometheus;
using Monitoring.AspNetCore.Security;
using Monitoring.Validation;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the monitor's HTTP API.</summary>
public static class MonitoringEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the API that docs/api.md lists below <paramref name="prefix"/>. Who may use it is said by <see cref="MonitoringApiOptions"/>: the section <c>Monitoring:Api</c>, then whatever the host configures in code.
    /// </summary>
    /// <remarks>
    /// A policy that the host puts on the returned group (<c>RequireAuthorization</c>) makes readers; an administrator
    /// needs <see cref="MonitoringApiOptions.AdminPolicy"/> or the admin key besides. <c>AllowAnonymous</c> switches off
    /// the host's authorization only: keys are asked for all the same.
    /// </remarks>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="prefix">Path in front of every endpoint.</param>
    /// <returns>The group of these endpoints, to be authorised, rate-limited or described further.</returns>
    /// <exception cref="InvalidOperationException"><c>AddMonitoring</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range; the message names it, and never shows a key.</exception>
    public static RouteGroupBuilder MapMonitoring(this IEndpointRouteBuilder endpoints, string prefix = "/api/performance")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var services = endpoints.ServiceProvider;
        if (services.GetService<IServiceProviderIsService>()?.IsService(typeof(IPerformanceMonitor)) == false)
        {
            throw new InvalidOperationException("There is no monitor to map; call services.AddMonitoring(…) first.");
        }

        var options = ReadOptions(services);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(ApiLog.Category);
        var limits = new ApiLimits(options);
        var lifetime = services.GetService<IHostApplicationLifetime>();
        lifetime?.ApplicationStopped.Register(limits.Dispose);
        var access = new ApiAccess(options, limits, logger);
        var gate = new ApiGate(access, logger);

        // A group name of its own keeps these routes out of the host's documents, which would describe them by the host's JSON settings.
        var group = endpoints.MapGroup(prefix).WithTags("Monitoring").WithGroupName(ApiDocument.Name).WithMetadata(gate).ExcludeFromRequestMonitoring();
        ((IEndpointConventionBuilder)group).Finally(gate.Close);
        SummaryEndpoints.Map(group, access);
        AlertEndpoints.Map(group, access);
        SilenceEndpoints.Map(group, access);
        NotifierEndpoints.Map(group, access);
        AuditEndpoints.Map(group, access);
        TaskEndpoints.Map(group, access);
        RequestEndpoints.Map(group, access);
        QueryEndpoints.Map(group, access);
        ConfigEndpoints.Map(group, access);
        CircuitEndpoints.Map(group, access);
        HealthEndpoints.Map(group, access);
        PrometheusEndpoints.Map(group, access);
        HistoryEndpoints.Map(group, access);
        SessionEndpoints.Map(group, access);
        LiveEndpoints.Map(group, access, new LiveFeed(services.GetRequiredService<IPerformanceMonitor>(), options, logger, lifetime?.ApplicationStopping ?? default));
        ReportEndpoints.Map(group, access);
        OpenApiEndpoints.Map(group, access, gate);
        return group;
    }

    internal static MonitoringApiOptions ReadOptions(IServiceProvider services)
    {
        var options = new MonitoringApiOptions();
        services.GetService<IConfiguration>()?.GetSection(MonitoringApiOptions.Section).Bind(options);
        foreach (var configure in services.GetServices<IConfigureOptions<MonitoringApiOptions>>())
        {
            configure.Configure(options);
        }

        // An empty value, as an environment variable leaves it, is no value.
        options.ReaderKey = NullIfEmpty(options.ReaderKey);
        options.AdminKey = NullIfEmpty(options.AdminKey);
        options.ReaderPolicy = NullIfEmpty(options.ReaderPolicy);
        options.AdminPolicy = NullIfEmpty(options.AdminPolicy);

        var errors = new OptionsErrors(MonitoringApiOptions.Section);
        options.Validate(errors, hostAuthorizes: services.GetService<IAuthorizationService>() is not null);
        return errors.Messages.Count == 0
            ? options
            : throw new OptionsValidationException(Options.DefaultName, typeof(MonitoringApiOptions), errors.Messages);
    }

    private static string? NullIfEmpty(string? value) => value is "" ? null : value;
}
