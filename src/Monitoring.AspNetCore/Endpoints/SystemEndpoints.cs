using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;
using Monitoring.SystemResources;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Processor, memory, disks, network and the runtime.</summary>
internal static class SystemEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access) =>
        group.MapGet("system", static (HttpRequest request, IPerformanceMonitor monitor) => Read(request, monitor)).ForReaders(access).Produces<SystemSummary>()
            .Describe("Processor, memory, disks, network and the runtime, as the last sample found them.", QueryParameter.Window);

    private static IResult Read(HttpRequest request, IPerformanceMonitor monitor) =>
        Window.TryRead(request.Query, out var window, out var problem) ? TypedResults.Json(monitor.GetSystemSummary(window), ApiJson.For<SystemSummary>()) : problem;
}
