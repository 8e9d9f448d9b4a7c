using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;
using Monitoring.Queries;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Database queries: totals, the statements that were slow, those that were repeated.</summary>
internal static class QueryEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access) =>
        group.MapGet("metrics/slow-queries", static (HttpRequest request, IPerformanceMonitor monitor) => Get(request, monitor))
            .ForReaders(access).Produces<QuerySummary>()
            .Describe("Database queries by statement, those that were slow, and those that were repeated within a request.", QueryParameter.Window, new QueryParameter("threshold", "Statements that took as long at least once: 0 (all) to 60s, such as 250ms or 2s; what is slow by default."), QueryParameter.Limit);

    private static IResult Get(HttpRequest request, IPerformanceMonitor monitor)
    {
        var fields = new QueryFields(request.Query);
        var threshold = fields.Threshold();
        var limit = fields.Limit();
        if (!Window.TryRead(request.Query, out var window, out var problem))
        {
            return problem;
        }

        return fields.Problem ?? TypedResults.Json(monitor.Queries.GetSummary(window, threshold, limit), ApiJson.For<QuerySummary>());
    }
}
