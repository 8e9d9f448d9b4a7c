using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.Security;
using Monitoring.CircuitBreakers;
using Monitoring.Redis;
using Monitoring.TaskQueues;
using Monitoring.Webhooks;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>The summaries of the monitor, as C# names them.</summary>
internal static class SummaryEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("webhook-timing", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, monitor.GetWebhookTimingSummary)).ForReaders(access).Produces<WebhookTimingSummary>();
        group.MapGet("redis-operations", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, monitor.GetRedisOperationSummary)).ForReaders(access).Produces<RedisOperationSummary>();
        group.MapGet("redis-servers", static (IPerformanceMonitor monitor) =>
            Json(new RedisServersResponse(monitor.Redis.GetServers(), monitor.Redis.GetStreamGroups()))).ForReaders(access).Produces<RedisServersResponse>();
        group.MapGet("task-queue", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, monitor.GetTaskQueueSummary)).ForReaders(access).Produces<TaskQueueSummary>();
        group.MapGet("admission", static (IPerformanceMonitor monitor, IAdmission admission) =>
            Json(AdmissionResponse.Of(admission, monitor.TaskQueue.QueueNames))).ForReaders(access).Produces<AdmissionResponse>();
        group.MapGet("circuit-breakers", static (IPerformanceMonitor monitor) =>
            Json(monitor.CircuitBreakers.GetSummaries())).ForReaders(access);
    }

    private static IResult InWindow<TSummary>(HttpRequest request, Func<TimeSpan?, TSummary> read) =>
        Window.TryRead(request.Query, out var window, out var problem) ? Json(read(window)) : problem;

    private static JsonHttpResult<T> Json<T>(T value) => TypedResults.Json(value, ApiJson.For<T>());
}
