using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Monitoring.Alerts;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Reading alerts and resolving them by hand.</summary>
internal static class AlertEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("alerts", static (IPerformanceMonitor monitor) => List(monitor)).ForReaders(access);
        group.MapPost("alerts/{key}/resolve", static (string key, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) =>
            ResolveAsync(key, context, monitor, loggers)).ForAdmins(access).Produces<Alert>();
    }

    private static JsonHttpResult<AlertsResponse> List(IPerformanceMonitor monitor)
    {
        var active = monitor.GetActiveAlerts();
        var response = new AlertsResponse(active, monitor.Alerts.GetResolved(), AlertSummary.Of(active));
        return TypedResults.Json(response, ApiJson.For<AlertsResponse>());
    }

    private static async Task<IResult> ResolveAsync(string key, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers)
    {
        var (request, problem) = await ResolveRequest.ReadAsync(context.Request).ConfigureAwait(false);
        if (request is null)
        {
            return problem!;
        }

        var by = ApiLog.NameOf(context);
        var active = monitor.Alerts.Find(key);
        switch (monitor.Alerts.TryResolve(key, request.Note, by))
        {
            case AlertResolveOutcome.NotFound:
                return Problems.For(StatusCodes.Status404NotFound, "No alert has this key.");
            case AlertResolveOutcome.AlreadyResolved:
                return Problems.For(StatusCodes.Status409Conflict, "This alert is already resolved.");
        }

        var logger = loggers.CreateLogger(ApiLog.Category);
        ApiLog.AlertResolved(logger, key, by, context.Connection.RemoteIpAddress);

        // The history of resolved alerts is bounded: ours may have been pushed out in the meantime.
        return TypedResults.Json(monitor.Alerts.Find(key) ?? active, ApiJson.For<Alert>());
    }
}
