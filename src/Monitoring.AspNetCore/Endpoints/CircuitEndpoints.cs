using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;
using Monitoring.CircuitBreakers;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Reading circuits, and opening and closing one by hand.</summary>
internal static class CircuitEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("circuit-breakers", static (IPerformanceMonitor monitor) =>
            TypedResults.Json(monitor.CircuitBreakers.GetSummaries(), ApiJson.For<IReadOnlyList<CircuitBreakerSummary>>()))
            .ForReaders(access).Produces<IReadOnlyList<CircuitBreakerSummary>>()
            .Describe("State, trips, rejections, last transitions and last error of each circuit.");
        group.MapPost("circuit-breakers/{name}/isolate", static (string name, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) =>
            ChangeAsync(name, context, monitor, loggers, "isolated", "circuit.isolate", static (circuit, reason) => circuit.Isolate(reason)))
            .ForAdmins(access).Produces<CircuitBreakerSummary>()
            .Describe("Opens a circuit by hand: it rejects every call until it is closed by hand.").Takes<NoteRequest>();
        group.MapPost("circuit-breakers/{name}/close", static (string name, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) =>
            ChangeAsync(name, context, monitor, loggers, "closed", "circuit.close", static (circuit, reason) => circuit.Close(reason)))
            .ForAdmins(access).Produces<CircuitBreakerSummary>()
            .Describe("Closes a circuit by hand, whatever state it is in, and forgets the failures so far.").Takes<NoteRequest>();
    }

    private static async Task<IResult> ChangeAsync(
        string name, HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers, string what, string action, Action<CircuitBreaker, string> change)
    {
        var (request, problem) = await NoteRequest.ReadAsync(context.Request).ConfigureAwait(false);
        if (request is null)
        {
            return problem!;
        }

        if (monitor.CircuitBreakers.Find(name) is not { } circuit)
        {
            return Problems.For(StatusCodes.Status404NotFound, "No circuit has this name.");
        }

        var by = ApiLog.NameOf(context);
        change(circuit, request.Note is null ? by : $"{by}: {request.Note}");
        monitor.Audit.Add(action, name, by, request.Note);
        var logger = loggers.CreateLogger(ApiLog.Category);
        ApiLog.CircuitChanged(logger, name, what, by, context.Connection.RemoteIpAddress);
        return TypedResults.Json(circuit.GetSummary(), ApiJson.For<CircuitBreakerSummary>());
    }
}
