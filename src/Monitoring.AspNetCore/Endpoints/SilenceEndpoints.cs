using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.Alerts;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Reading silences, and adding, changing and ending them.</summary>
internal static class SilenceEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("silences", static (HttpContext context, IPerformanceMonitor monitor) => List(context, monitor)).ForReaders(access).Produces<SilencesResponse>()
            .Describe("Silences, those that end last first; those that ended in the last 24 h too.", QueryParameter.OneOf<SilenceState>("state", "Only in this state."));
        group.MapGet("silences/{id}", static (string id, HttpContext context, IPerformanceMonitor monitor) =>
            monitor.Alerts.Silences.Find(id) is { } silence ? Json(silence, context) : NotFound()).ForReaders(access).Produces<SilenceResponse>()
            .Describe("One silence.");
        group.MapPost("silences", static (HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) =>
            AddAsync(context, monitor, loggers)).ForAdmins(access).Produces<SilenceResponse>()
            .Describe("Adds a silence: matching alerts are kept quiet.").Takes<SilenceRequest>(isRequired: true).Fails(StatusCodes.Status409Conflict, "There are as many as there may be.");
        group.MapPut("silences/{id}", static (string id, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) =>
            UpdateAsync(id, context, monitor, loggers)).ForAdmins(access).Produces<SilenceResponse>()
            .Describe("Changes a silence; what is left out stays as it is.").Takes<SilenceRequest>(isRequired: true).Fails(StatusCodes.Status409Conflict, "It has ended.");
        group.MapDelete("silences/{id}", static (string id, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) =>
            Expire(id, context, monitor, loggers)).ForAdmins(access).Produces<SilenceResponse>()
            .Describe("Ends a silence now.").Fails(StatusCodes.Status409Conflict, "It has ended.");
    }

    private static IResult List(HttpContext context, IPerformanceMonitor monitor)
    {
        var query = new QueryFields(context.Request.Query);
        var state = query.Name<SilenceState>("state");
        var now = Now(context);
        return query.Problem ?? TypedResults.Json(
            new SilencesResponse([.. monitor.Alerts.Silences.GetAll().Select(silence => SilenceResponse.Of(silence, now)).Where(silence => state is null || silence.State == state)]),
            ApiJson.For<SilencesResponse>());
    }

    private static async Task<IResult> AddAsync(HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers)
    {
        var by = ApiLog.NameOf(context);
        var (silence, problem) = await ReadAsync(context, monitor, new Silence { Matchers = [], Author = by, Reason = "" }).ConfigureAwait(false);
        if (silence is null)
        {
            return problem!;
        }

        try
        {
            silence = monitor.Alerts.Silences.Add(silence, by);
        }
        catch (InvalidOperationException exception)
        {
            return Problems.For(StatusCodes.Status409Conflict, exception.Message);
        }

        Log(loggers, silence.Id, "added", by, context);
        return Json(silence, context);
    }

    private static async Task<IResult> UpdateAsync(string id, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers)
    {
        if (monitor.Alerts.Silences.Find(id) is not { } before)
        {
            return NotFound();
        }

        var (silence, problem) = await ReadAsync(context, monitor, before).ConfigureAwait(false);
        if (silence is null)
        {
            return problem!;
        }

        var by = ApiLog.NameOf(context);
        return Changed(monitor.Alerts.Silences.Update(silence, by), id, "changed", by, context, monitor, loggers);
    }

    private static IResult Expire(string id, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers)
    {
        var by = ApiLog.NameOf(context);
        return Changed(monitor.Alerts.Silences.Expire(id, by), id, "ended", by, context, monitor, loggers);
    }

    private static async Task<(Silence? Silence, IResult? Problem)> ReadAsync(HttpContext context, IPerformanceMonitor monitor, Silence before)
    {
        var (request, problem) = await SilenceRequest.ReadAsync(context.Request).ConfigureAwait(false);
        if (request is null)
        {
            return (null, problem);
        }

        var (silence, wrong) = request.Apply(before, Now(context));
        return silence is not null && monitor.Alerts.Silences.Check(silence) is { Count: > 0 } errors
            ? (null, Problems.BadFields(errors.Select(static error => (error.Field, error.Message))))
            : (silence, wrong);
    }

    private static IResult Changed(SilenceOutcome outcome, string id, string what, string by, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers)
    {
        switch (outcome)
        {
            case SilenceOutcome.NotFound:
                return NotFound();
            case SilenceOutcome.AlreadyEnded:
                return Problems.For(StatusCodes.Status409Conflict, "This silence has ended; add another one.");
        }

        Log(loggers, id, what, by, context);
        return monitor.Alerts.Silences.Find(id) is { } silence ? Json(silence, context) : NotFound();
    }

    private static void Log(ILoggerFactory loggers, string id, string what, string by, HttpContext context)
    {
        var logger = loggers.CreateLogger(ApiLog.Category);
        ApiLog.SilenceChanged(logger, id, what, by, context.Connection.RemoteIpAddress);
    }

    private static IResult NotFound() => Problems.For(StatusCodes.Status404NotFound, "No silence has this id.");

    private static JsonHttpResult<SilenceResponse> Json(Silence silence, HttpContext context) =>
        TypedResults.Json(SilenceResponse.Of(silence, Now(context)), ApiJson.For<SilenceResponse>());

    private static DateTimeOffset Now(HttpContext context) => (context.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System).GetUtcNow();
}
