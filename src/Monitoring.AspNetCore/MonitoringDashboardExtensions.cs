using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monitoring;
using Monitoring.AspNetCore;
using Monitoring.AspNetCore.Page;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the dashboard.</summary>
public static class MonitoringDashboardExtensions
{
    /// <summary>
    /// Maps the dashboard: a page that shows what the API of <see cref="MonitoringEndpointRouteBuilderExtensions.MapMonitoring"/> answers, and needs that to
    /// be mapped in the same application. The page itself holds no data and is served to anybody; where <see cref="MonitoringApiOptions.ReaderPolicy"/> is set, to
    /// whom that policy lets through.
    /// </summary>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="pattern">Path of the page; default <c>/monitoring</c>.</param>
    /// <returns>The endpoints of the page and what it loads, to be authorised or limited further.</returns>
    /// <exception cref="InvalidOperationException"><c>AddMonitoring</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">A setting of <see cref="MonitoringApiOptions"/> is out of range.</exception>
    public static IEndpointConventionBuilder MapMonitoringDashboard(this IEndpointRouteBuilder endpoints, string pattern = "/monitoring")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var services = endpoints.ServiceProvider;
        if (services.GetService<IServiceProviderIsService>()?.IsService(typeof(IPerformanceMonitor)) == false)
        {
            throw new InvalidOperationException("There is no monitor to show; call services.AddMonitoring(…) first.");
        }

        var group = endpoints.MapGroup(pattern).ExcludeFromDescription().ExcludeFromRequestMonitoring();
        PageEndpoints.Map(group, MonitoringEndpointRouteBuilderExtensions.ReadOptions(services).ReaderPolicy);
        return group;
    }
}
