using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;
using Monitoring.Requests;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Requests and other operations: all of them, by endpoint, and the slow ones.</summary>
internal static class RequestEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("metrics/summary", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, monitor.GetRequestSummary)).ForReaders(access).Produces<RequestSummary>()
            .Describe("Requests and other operations: totals, by endpoint, the busiest users and tenants.", QueryParameter.Window);
        group.MapGet("metrics/endpoints", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, window => Endpoints(monitor.GetRequestSummary(window)))).ForReaders(access).Produces<RequestEndpointsResponse>()
            .Describe("Requests and other operations by endpoint and method, the busiest first.", QueryParameter.Window);
        group.MapGet("metrics/slow-requests", static (HttpRequest request, IPerformanceMonitor monitor) =>
            Slow(new QueryFields(request.Query), monitor)).ForReaders(access).Produces<SlowRequestsResponse>()
            .Describe("The last slow requests, newest first, with what they spent their time on.", new QueryParameter("threshold", "Only those that took at least so long, such as 2s: up to a minute. All that are kept by default."), QueryParameter.Limit);
    }

    private static RequestEndpointsResponse Endpoints(RequestSummary summary) => new(summary.Window, summary.Endpoints, summary.OverflowedEndpoints);

    private static IResult Slow(QueryFields fields, IPerformanceMonitor monitor)
    {
        var (threshold, limit) = (fields.Threshold(), fields.Limit());
        return fields.Problem
            ?? TypedResults.Json(SlowRequestsResponse.Of(monitor, threshold, limit), ApiJson.For<SlowRequestsResponse>());
    }

    private static IResult InWindow<TSummary>(HttpRequest request, Func<TimeSpan?, TSummary> read) =>
        Window.TryRead(request.Query, out var window, out var problem) ? TypedResults.Json(read(window), ApiJson.For<TSummary>()) : problem;
}

/// <summary>Requests by endpoint.</summary>
/// <param name="Window">How far back it looks.</param>
/// <param name="Endpoints">The endpoints, the busiest first.</param>
/// <param name="OverflowedEndpoints">Requests since the start whose endpoint found no room and was summed up as <c>OTHER</c>.</param>
internal sealed record RequestEndpointsResponse(TimeSpan Window, IReadOnlyList<RequestEndpointSummary> Endpoints, long OverflowedEndpoints);

/// <summary>The last slow requests.</summary>
/// <param name="Threshold">From when on a request is slow and is kept.</param>
/// <param name="Requests">The requests, newest first.</param>
internal sealed record SlowRequestsResponse(TimeSpan Threshold, IReadOnlyList<SlowRequest> Requests)
{
    public static SlowRequestsResponse Of(IPerformanceMonitor monitor, TimeSpan? threshold, int limit) =>
        new(monitor.Requests.SlowThreshold, monitor.Requests.GetSlowRequests(threshold, limit));
}
