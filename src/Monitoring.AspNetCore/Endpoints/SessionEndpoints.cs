using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Page;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Who asks, and what they may do.</summary>
internal static class SessionEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access) =>
        group.MapGet("session", (HttpContext context, CancellationToken _) => ReadAsync(context, access))
            .ForReaders(access).Produces<SessionResponse>().WithMetadata(ApiRoot.Instance)
            .Describe("Who asks, and what they may do.");

    private static async Task<IResult> ReadAsync(HttpContext context, ApiAccess access)
    {
        var (role, name) = await access.IdentifyAsync(context).ConfigureAwait(false);
        return TypedResults.Json(new SessionResponse(role, name), ApiJson.For<SessionResponse>());
    }
}

/// <summary>Who asks.</summary>
/// <param name="Role">What they may do: <c>Reader</c> or <c>Admin</c>.</param>
/// <param name="Name">Under what name their changes are noted: the host's name for them, <c>admin</c> or <c>reader</c> for a key, <c>local</c> for this machine.</param>
internal sealed record SessionResponse(ApiRole Role, string Name);
