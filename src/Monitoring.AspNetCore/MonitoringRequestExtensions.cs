using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Monitoring;
using Monitoring.AspNetCore.Requests;
using Monitoring.Requests;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Watches HTTP requests.</summary>
public static class MonitoringRequestExtensions
{
    /// <summary>
    /// Records every request that passes here: how long it took, how it ended, and what it spent on Redis and the database; by route template and
    /// method, never by path. Put it first. The monitor's own endpoints are left out.
    /// </summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns><paramref name="app"/>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddMonitoring</c> was not called.</exception>
    public static IApplicationBuilder UseRequestMonitoring(this IApplicationBuilder app, Action<RequestMonitoringOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ApplicationServices.GetService<IPerformanceMonitor>() is not { } monitor)
        {
            throw new InvalidOperationException("There is no monitor to record requests; call services.AddMonitoring(…) first.");
        }

        var options = new RequestMonitoringOptions();
        configure?.Invoke(options);
        var host = app.ApplicationServices.GetService<DiagnosticListener>();
        if (host is not null)
        {
            HostingEvents.Listen(host);
        }

        return app.Use(next => new RequestMonitoringMiddleware(next, monitor.Requests, options, host is not null).InvokeAsync);
    }

    /// <summary>Leaves out the requests of these endpoints: probes of the platform, or connections that last.</summary>
    /// <param name="endpoints">An endpoint or a group.</param>
    /// <returns><paramref name="endpoints"/>.</returns>
    public static TBuilder ExcludeFromRequestMonitoring<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Add(static endpoint => endpoint.Metadata.Add(RequestExclusion.Instance));
        return endpoints;
    }

    /// <summary>Says whether a cache had the answer to this request. Does nothing where requests are not recorded, or after the request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="hit">Whether it had.</param>
    public static void SetCacheHit(this HttpContext context, bool hit)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<MonitoredRequest>() is { } request)
        {
            request.CacheHit = hit;
        }
    }
}
