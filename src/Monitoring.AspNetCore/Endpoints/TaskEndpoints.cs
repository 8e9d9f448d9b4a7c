using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;
using Monitoring.TaskQueues;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Pausing queues, and what was given up in them.</summary>
internal static class TaskEndpoints
{
    private const int DefaultCount = 100;
    private const int LargestCount = 10_000;

    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("tasks/dead-letters", ListAsync).ForReaders(access).Produces<DeadLettersResponse>()
            .Describe("Tasks that were given up, by queue, newest first.", QueryParameter.Count("count", "How many of each queue are wanted", 1, LargestCount, DefaultCount), new QueryParameter("queue", "Only of this queue."))
            .Fails(StatusCodes.Status404NotFound, "No queue of this process has this name.").Fails(StatusCodes.Status503ServiceUnavailable, "The queue does not answer.");
        group.MapPost("tasks/pause", static (HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) =>
            ChangeAsync(context, monitor, loggers, "paused", "queue.pause", static (queue, _, token) => queue.PauseAsync(token), States)).ForAdmins(access).Produces<TaskQueuesResponse>()
            .Describe("Pauses a queue, or all: no further task is taken.").Takes<TaskRequest>()
            .Fails(StatusCodes.Status404NotFound, "No queue of this process has this name.").Fails(StatusCodes.Status503ServiceUnavailable, "The queue does not answer.");
        group.MapPost("tasks/resume", static (HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) =>
            ChangeAsync(context, monitor, loggers, "resumed", "queue.resume", static (queue, _, token) => queue.ResumeAsync(token), States)).ForAdmins(access).Produces<TaskQueuesResponse>()
            .Describe("Goes on with a queue, or all.").Takes<TaskRequest>()
            .Fails(StatusCodes.Status404NotFound, "No queue of this process has this name.").Fails(StatusCodes.Status503ServiceUnavailable, "The queue does not answer.");
        group.MapPost("tasks/redrive", RedriveAsync).ForAdmins(access).Produces<RedriveResponse>()
            .Describe("Enqueues dead letters again: one, those of a queue, or all.").Takes<TaskRequest>()
            .Fails(StatusCodes.Status404NotFound, "No queue has this name, or no dead letter this id, or there is no place for it now.").Fails(StatusCodes.Status503ServiceUnavailable, "The queue does not answer.");
    }

    private static async Task<IResult> ListAsync(HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers)
    {
        var query = context.Request.Query;
        var count = DefaultCount;
        if (query.TryGetValue("count", out var text) &&
            (!int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > LargestCount))
        {
            return Problems.BadField("count", $"'{Problems.Echo(text.ToString())}' is not a count; allowed: 1 to {LargestCount}.");
        }

        var name = query.TryGetValue("queue", out var queue) ? queue.ToString() : null;
        var queues = Find(monitor, name);
        if (queues.Length == 0 && name is not null)
        {
            return NoQueue(name);
        }

        return await GuardAsync(context, loggers, async token =>
        {
            var letters = new List<QueueDeadLetters>();
            foreach (var found in queues)
            {
                letters.Add(new QueueDeadLetters(found.Name, await found.GetDeadLettersAsync(count, token).ConfigureAwait(false)));
            }

            return Json(new DeadLettersResponse(letters));
        }).ConfigureAwait(false);
    }

    private static Task<IResult> RedriveAsync(HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers)
    {
        var redriven = 0;
        return ChangeAsync(
            context, monitor, loggers, "re-driven", "queue.redrive",
            async (queue, id, token) => redriven += await queue.RedriveAsync(id, token).ConfigureAwait(false),
            (_, id) => id is not null && redriven == 0
                ? Problems.For(StatusCodes.Status404NotFound, "No dead letter has this id, or there is no place for it now.")
                : Json(new RedriveResponse(redriven)));
    }

    private static IResult States(IManagedTaskQueue[] queues, string? id) =>
        Json(new TaskQueuesResponse(Array.ConvertAll(queues, static queue => new TaskQueueState(queue.Name, queue.IsPaused))));

    private static async Task<IResult> ChangeAsync(
        HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers, string what, string action,
        Func<IManagedTaskQueue, string?, CancellationToken, ValueTask> change, Func<IManagedTaskQueue[], string?, IResult> answer)
    {
        var (request, problem) = await TaskRequest.ReadAsync(context.Request).ConfigureAwait(false);
        if (request is null)
        {
            return problem!;
        }

        var queues = Find(monitor, request.Queue);
        if (queues.Length == 0)
        {
            return NoQueue(request.Queue);
        }

        var by = ApiLog.NameOf(context);
        var logger = loggers.CreateLogger(ApiLog.Category);
        return await GuardAsync(context, loggers, async token =>
        {
            foreach (var queue in queues)
            {
                await change(queue, request.Id, token).ConfigureAwait(false);
                monitor.Audit.Add(action, queue.Name, by, request.Id);
                ApiLog.TaskQueueChanged(logger, queue.Name, what, by, context.Connection.RemoteIpAddress);
            }

            return answer(queues, request.Id);
        }).ConfigureAwait(false);
    }

    // Queues on a server may be unreachable; that is the server's failure and not a bug here.
    private static async Task<IResult> GuardAsync(HttpContext context, ILoggerFactory loggers, Func<CancellationToken, Task<IResult>> act)
    {
        try
        {
            return await act(context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            ApiLog.TaskQueueUnavailable(loggers.CreateLogger(ApiLog.Category), exception);
            return Problems.For(StatusCodes.Status503ServiceUnavailable, "The queue does not answer; the service's log says why.");
        }
    }

    private static IManagedTaskQueue[] Find(IPerformanceMonitor monitor, string? name) =>
        [.. monitor.TaskQueue.ManagedQueues.Where(queue => name is null || queue.Name == name)];

    private static IResult NoQueue(string? name) =>
        Problems.For(StatusCodes.Status404NotFound, name is null ? "No queue of this process can be changed." : "No queue of this process has this name.");

    private static JsonHttpResult<T> Json<T>(T value) => TypedResults.Json(value, ApiJson.For<T>());
}
