using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>
/// For probes. <c>health</c> says whether to send work here: 503 while a critical alert is active, else 200. <c>health/live</c> says whether the process answers at all: restarting it would not bring Redis back.
/// </summary>
internal static class HealthEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("health", static (IPerformanceMonitor monitor) => Read(monitor)).ForReaders(access).Produces<HealthResponse>().Produces<HealthResponse>(StatusCodes.Status503ServiceUnavailable)
            .Describe("How the service fares: 503 while a critical alert is active.");
        group.MapGet("health/live", static () => Respond(new HealthResponse("alive", "The process answers."), StatusCodes.Status200OK)).ForReaders(access).Produces<HealthResponse>()
            .Describe("Whether the process answers at all.");
    }

    private static JsonHttpResult<HealthResponse> Read(IPerformanceMonitor monitor)
    {
        var health = HealthResponse.Of(monitor);
        return Respond(health, health.Alerts is { Critical: > 0 } ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static JsonHttpResult<HealthResponse> Respond(HealthResponse health, int status) =>
        TypedResults.Json(health, ApiJson.For<HealthResponse>(), statusCode: status);
}
