using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;
using Monitoring.Services;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>The services that this one depends on. 200 whatever their status: what a probe of this service asks is <c>health</c>.</summary>
internal static class ServiceEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access) =>
        group.MapGet("services/health", static (HttpRequest request, IPerformanceMonitor monitor) => Read(request, monitor)).ForReaders(access).Produces<ServiceSummary>()
            .Describe("The services that this one depends on, with their status, uptime, changes and attempts to recover.", QueryParameter.Window);

    private static IResult Read(HttpRequest request, IPerformanceMonitor monitor) =>
        Window.TryRead(request.Query, out var window, out var problem) ? TypedResults.Json(monitor.GetServiceSummary(window), ApiJson.For<ServiceSummary>()) : problem;
}
