using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Monitoring.Alerts;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>How the channels fare, and whether one works.</summary>
internal static class NotifierEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("notifiers", static (IPerformanceMonitor monitor) =>
            TypedResults.Json(new NotifiersResponse(monitor.Alerts.GetNotifiers()), ApiJson.For<NotifiersResponse>())).ForReaders(access).Produces<NotifiersResponse>()
            .Describe("Each channel, how it fares and what it still has to send.");
        group.MapPost("notifiers/{name}/test", static (string name, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) =>
            TestAsync(name, context, monitor, loggers)).ForAdmins(access).Produces<NotifierTestResponse>()
            .Describe("Sends a test notice to a channel.").Takes<NoteRequest>().Fails(StatusCodes.Status502BadGateway, "The channel did not take it; the detail says what it said, without secrets.");
    }

    private static async Task<IResult> TestAsync(string name, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers)
    {
        // Nothing is asked for in the body, but it is what tells a page on another site from who means it.
        var (request, problem) = await RequestBody.ReadAsync<NoteRequest>(context.Request, "{}", static _ => []).ConfigureAwait(false);
        if (request is null)
        {
            return problem!;
        }

        var by = ApiLog.NameOf(context);
        var logger = loggers.CreateLogger(ApiLog.Category);
        try
        {
            if (!await monitor.Alerts.TestNotifierAsync(name, context.RequestAborted).ConfigureAwait(false))
            {
                return Problems.For(StatusCodes.Status404NotFound, "No notifier has this name.");
            }

            Note("delivered");
            return TypedResults.Json(new NotifierTestResponse(name, IsDelivered: true), ApiJson.For<NotifierTestResponse>());
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            Note("failed");
            ApiLog.NotifierTestFailed(logger, name, exception);
            return Problems.For(StatusCodes.Status502BadGateway, $"The test notice was not taken: {Describe(exception)}");
        }

        void Note(string outcome)
        {
            monitor.Audit.Add("notifier.test", name, by, outcome);
            ApiLog.NotifierTested(logger, name, outcome, by, context.Connection.RemoteIpAddress);
        }
    }

    // Only notifiers of ours promise a message without secrets; what else there is to say is in the log.
    private static string Describe(Exception exception) => exception switch
    {
        AlertDeliveryException => exception.Message,
        OperationCanceledException or TimeoutException => "it took too long.",
        _ => $"{exception.GetType().Name}; the service's log says more.",
    };
}
