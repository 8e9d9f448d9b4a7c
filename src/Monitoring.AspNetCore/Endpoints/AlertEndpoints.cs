using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Monitoring.Alerts;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Reading alerts and their rules, and resolving and acknowledging alerts by hand.</summary>
internal static class AlertEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("alerts", static (HttpRequest request, IPerformanceMonitor monitor) => AlertList.Read(request, monitor)).ForReaders(access).Produces<AlertsResponse>()
            .Describe(
                "Active, resolved and pending alerts.", QueryParameter.OneOf<AlertSeverity>("severity", "Only of this severity."), QueryParameter.OneOf<AlertCategory>("category", "Only of this category."),
                QueryParameter.OneOf<AlertState>("state", "Only in this state."), new QueryParameter("rule", "Only of this rule."), new QueryParameter("instance", "Only of this instance."),
                new QueryParameter("q", "Only with this text in key, message or instance."), QueryParameter.Flag("suppressed", "Only those that are kept quiet, or only the others."),
                QueryParameter.Flag("acknowledged", "Only those that somebody has acknowledged, or only the others."), QueryParameter.Limit, QueryParameter.Cursor);
        group.MapGet("alerts/rules", static (IPerformanceMonitor monitor) => Json(new AlertRulesResponse(monitor.Alerts.GetRules()))).ForReaders(access).Produces<AlertRulesResponse>()
            .Describe("Each rule, its condition, and how it stands.");
        group.MapGet("alerts/{key}", static (string key, IPerformanceMonitor monitor) => Show(key, monitor)).ForReaders(access).Produces<AlertResponse>()
            .Describe("One alert with its timeline, and what each channel was told.");
        group.MapPost("alerts/{key}/resolve", static (string key, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) =>
            ResolveAsync(key, context, monitor, loggers)).ForAdmins(access).Produces<Alert>()
            .Describe("Resolves an alert by hand.").Takes<NoteRequest>().Fails(StatusCodes.Status409Conflict, "It is resolved already.");
        group.MapPost("alerts/{key}/acknowledge", static (string key, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) =>
            AcknowledgeAsync(key, context, monitor, loggers)).ForAdmins(access).Produces<Alert>()
            .Describe("Acknowledges an alert: nobody is reminded of it any more.").Takes<NoteRequest>().Fails(StatusCodes.Status409Conflict, "It is acknowledged or resolved already.");
    }

    private static IResult Show(string key, IPerformanceMonitor monitor) =>
        monitor.Alerts.Find(key) is { } alert ? Json(new AlertResponse(alert, monitor.Alerts.GetDeliveries(alert.Id))) : NotFound();

    private static async Task<IResult> ResolveAsync(string key, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers)
    {
        var (request, problem) = await NoteRequest.ReadAsync(context.Request).ConfigureAwait(false);
        if (request is null)
        {
            return problem!;
        }

        var by = ApiLog.NameOf(context);
        var active = monitor.Alerts.Find(key);
        switch (monitor.Alerts.TryResolve(key, request.Note, by))
        {
            case AlertResolveOutcome.NotFound:
                return NotFound();
            case AlertResolveOutcome.AlreadyResolved:
                return Problems.For(StatusCodes.Status409Conflict, "This alert is already resolved.");
        }

        var logger = loggers.CreateLogger(ApiLog.Category);
        ApiLog.AlertResolved(logger, key, by, context.Connection.RemoteIpAddress);

        // The history of resolved alerts is bounded: ours may have been pushed out in the meantime.
        return TypedResults.Json(monitor.Alerts.Find(key) ?? active, ApiJson.For<Alert>());
    }

    private static async Task<IResult> AcknowledgeAsync(string key, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers)
    {
        var (request, problem) = await NoteRequest.ReadAsync(context.Request).ConfigureAwait(false);
        if (request is null)
        {
            return problem!;
        }

        var by = ApiLog.NameOf(context);
        var active = monitor.Alerts.Find(key);
        switch (monitor.Alerts.Acknowledge(key, request.Note, by))
        {
            case AlertAcknowledgeOutcome.NotFound:
                return NotFound();
            case AlertAcknowledgeOutcome.AlreadyResolved:
                return Problems.For(StatusCodes.Status409Conflict, "This alert is already resolved.");
            case AlertAcknowledgeOutcome.AlreadyAcknowledged:
                return Problems.For(StatusCodes.Status409Conflict, "This alert is already acknowledged.");
        }

        var logger = loggers.CreateLogger(ApiLog.Category);
        ApiLog.AlertAcknowledged(logger, key, by, context.Connection.RemoteIpAddress);
        return TypedResults.Json(monitor.Alerts.Find(key) ?? active, ApiJson.For<Alert>());
    }

    private static IResult NotFound() => Problems.For(StatusCodes.Status404NotFound, "No alert has this key.");

    private static JsonHttpResult<T> Json<T>(T value) => TypedResults.Json(value, ApiJson.For<T>());
}
