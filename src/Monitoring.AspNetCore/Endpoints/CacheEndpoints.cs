using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;
using Monitoring.Caches;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Hits and misses of caches.</summary>
internal static class CacheEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access) =>
        group.MapGet("metrics/caches", static IResult (HttpRequest request, IPerformanceMonitor monitor) =>
            Window.TryRead(request.Query, out var window, out var problem)
                ? TypedResults.Json(monitor.Caches.GetSummary(window), ApiJson.For<CacheSummary>())
                : problem).ForReaders(access).Produces<CacheSummary>()
            .Describe("Hits and misses of each cache and of all.", QueryParameter.Window);
}
