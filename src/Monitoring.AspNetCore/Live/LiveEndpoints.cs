using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Endpoints;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Live;

/// <summary>What a page of the dashboard shows at this moment.</summary>
internal static class LiveEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access) =>
        group.MapGet("live", static (HttpRequest request, IPerformanceMonitor monitor) => Read(request, monitor)).ForReaders(access).Produces<LiveSnapshot>()
            .Describe("What a page of the dashboard shows at this moment.", QueryParameter.OneOf<LivePage>("page", "Which page; the overview by default."), QueryParameter.Window);

    private static IResult Read(HttpRequest request, IPerformanceMonitor monitor)
    {
        var fields = new QueryFields(request.Query);
        var page = fields.Name<LivePage>("page") ?? LivePage.Overview;
        if (!Window.TryRead(request.Query, out var window, out var problem))
        {
            return problem;
        }

        return fields.Problem ?? TypedResults.Json(LivePages.Take(monitor, page, window ?? TimeSpan.FromMinutes(5)), ApiJson.For<LiveSnapshot>());
    }
}
