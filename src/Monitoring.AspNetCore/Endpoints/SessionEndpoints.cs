using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Who asks, and what they may do.</summary>
internal static class SessionEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access) =>
        group.MapGet("session", (HttpContext context) => TypedResults.Json(new SessionResponse(ApiRole.Reader, ApiLog.NameOf(context)), ApiJson.For<SessionResponse>()))
            .ForReaders(access).Produces<SessionResponse>()
            .Describe("Who asks, and what they may do.");
}

/// <summary>Who asks.</summary>
/// <param name="Role">What they may do: <c>Reader</c> or <c>Admin</c>.</param>
/// <param name="Name">Under what name their changes are noted.</param>
internal sealed record SessionResponse(ApiRole Role, string Name);
