using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Endpoints;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Live;

/// <summary>What a page of the dashboard shows at this moment: one snapshot, or through a WebSocket one a second.</summary>
internal static class LiveEndpoints
{
    private const string Path = "live";

    public static void Map(RouteGroupBuilder group, ApiAccess access, LiveFeed feed)
    {
        // The middleware stands before this endpoint only, so that the host need not call UseWebSockets; where it does, it has done the work already.
        var builder = ((IEndpointRouteBuilder)group).CreateApplicationBuilder();
        builder.UseWebSockets();
        builder.Run(feed.AcceptAsync);
        var connect = new Connect(builder.Build());

        group.MapGet(Path, (HttpContext context, IPerformanceMonitor monitor) => WebSocketHandshake.Is(context) ? connect : Read(context.Request, monitor)).ForReaders(access).Produces<LiveSnapshot>()
            .Describe("What a page of the dashboard shows at this moment; as a WebSocket, a feed of it.", QueryParameter.OneOf<LivePage>("page", "Which page; the overview by default."), QueryParameter.Window)
            .Fails(StatusCodes.Status503ServiceUnavailable, "As a WebSocket: there are too many.")
            .DisableRequestTimeout();

        // How a WebSocket is opened over HTTP/2 (RFC 8441).
        group.MapMethods(Path, [HttpMethods.Connect], (HttpContext context) => (IResult)connect).ForReaders(access)
            .WithSummary("The feed, over HTTP/2.")
            .DisableRequestTimeout();
    }

    private static IResult Read(HttpRequest request, IPerformanceMonitor monitor)
    {
        var fields = new QueryFields(request.Query);
        var page = fields.Name<LivePage>("page") ?? LivePage.Overview;
        if (!Window.TryRead(request.Query, out var window, out var problem))
        {
            return problem;
        }

        return fields.Problem ?? TypedResults.Json(LivePages.Take(monitor, page, window ?? LiveTurn.DefaultWindow), ApiJson.For<LiveSnapshot>());
    }

    private sealed class Connect(RequestDelegate pipeline) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => pipeline(httpContext);
    }
}
