using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;
using Monitoring.History;
using Monitoring.Redis;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>How figures went over time, and what changed lately.</summary>
internal static class HistoryEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("history", static (HttpRequest request, IPerformanceMonitor monitor) => Read(request, monitor)).ForReaders(access).Produces<HistorySummary>()
            .Describe("Series of figures between two moments, on one regular grid.", QueryParameter.Window);
        group.MapGet("redis-operations/latency-map", static (HttpRequest request, IPerformanceMonitor monitor) =>
            Window.TryRead(request.Query, out var window, out var problem)
                ? TypedResults.Json(monitor.Redis.GetLatencyMap(window ?? TimeSpan.FromMinutes(15)), ApiJson.For<RedisLatencyMap>())
                : problem).ForReaders(access).Produces<RedisLatencyMap>()
            .Describe("How the latency of Redis operations was distributed over time.", QueryParameter.Window);
        group.MapGet("changes", static (HttpRequest request, IPerformanceMonitor monitor) =>
            Window.TryRead(request.Query, out var window, out var problem)
                ? TypedResults.Json(new ChangesResponse(monitor.GetRecentChanges(window)), ApiJson.For<ChangesResponse>())
                : problem).ForReaders(access).Produces<ChangesResponse>()
            .Describe("What changed lately, newest first.", QueryParameter.Window);
    }

    private static IResult Read(HttpRequest request, IPerformanceMonitor monitor)
    {
        if (!Window.TryRead(request.Query, out var window, out var problem))
        {
            return problem;
        }

        var now = monitor.TimeProvider.GetUtcNow();
        return TypedResults.Json(monitor.History.Read([], now - (window ?? TimeSpan.FromMinutes(5)), now, 300), ApiJson.For<HistorySummary>());
    }
}

/// <summary>What changed lately.</summary>
/// <param name="Changes">The changes, newest first.</param>
internal sealed record ChangesResponse(IReadOnlyList<RecentChange> Changes);
