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
    private const int FewestPoints = 10;
    private const int MostPoints = 2000;
    private const int DefaultPoints = 300;
    private const int LongestHours = 24;

    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("history", static (HttpRequest request, IPerformanceMonitor monitor) => Read(request, monitor)).ForReaders(access).Produces<HistorySummary>()
            .Describe(
                "Series of figures between two moments, on one regular grid.",
                new QueryParameter("metric", $"What is wanted, as often as there are metrics; all of them by default. Known: {string.Join(", ", HistoryMetrics.Names)}."),
                new QueryParameter("instance", "Which one of many (operation, endpoint, queue, circuit); empty for all together alone; by default each there is."),
                new QueryParameter("window", "How far to look back: 90s, 15m, 6h or 00:15:00; 1 s to 24 h; 5 min by default. Not beside from and to."),
                new QueryParameter("from", "Where it begins, in ISO 8601: 2026-01-31T08:00:00Z. At most 24 h before to."),
                new QueryParameter("to", "Where it ends, written like from; now by default."),
                QueryParameter.Count("points", "How many points of each series are wanted at most", FewestPoints, MostPoints, DefaultPoints));
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
        var fields = new QueryFields(request.Query);
        var metrics = Metrics(request.Query, fields);
        var instance = fields.Text("instance");
        var points = fields.Number("points", FewestPoints, MostPoints) ?? DefaultPoints;
        var (from, to) = (fields.Moment("from"), fields.Moment("to"));
        if (!Window.TryRead(request.Query, out var window, out var problem, LongestHours))
        {
            return problem;
        }

        var now = monitor.TimeProvider.GetUtcNow();
        if (window is not null && (from ?? to) is not null)
        {
            fields.Refuse(Window.Field, request.Query[Window.Field].ToString(), "allowed beside from or to; allowed: the one or the other");
        }

        var end = to ?? now;
        var start = from ?? end - (window ?? TimeSpan.FromMinutes(5));
        if (from is not null && (start >= end || end - start > TimeSpan.FromHours(LongestHours)))
        {
            fields.Refuse("from", request.Query["from"].ToString(), $"a beginning; allowed: before the end, by {LongestHours} h at most");
        }

        return fields.Problem ?? TypedResults.Json(monitor.History.Read(metrics, start, end, points, instance), ApiJson.For<HistorySummary>());
    }

    private static string[] Metrics(IQueryCollection query, QueryFields fields)
    {
        var metrics = query["metric"];
        if (Array.Find([.. metrics], static metric => metric is null || HistoryMetrics.UnitOf(metric) is null) is { } unknown)
        {
            fields.Refuse("metric", unknown, $"known; allowed: {string.Join(", ", HistoryMetrics.Names)}");
        }

        return [.. metrics.OfType<string>()];
    }
}

/// <summary>What changed lately.</summary>
/// <param name="Changes">The changes, newest first.</param>
internal sealed record ChangesResponse(IReadOnlyList<RecentChange> Changes);
