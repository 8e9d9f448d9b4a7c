using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;
using Monitoring.Caches;
using Monitoring.Redis;
using Monitoring.Services;
using Monitoring.SystemResources;
using Monitoring.TaskQueues;
using Monitoring.Webhooks;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>The summaries of the monitor, as C# names them.</summary>
internal static class SummaryEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("summary", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, monitor.GetPerformanceSummary)).ForReaders(access).Produces<PerformanceSummary>()
            .Describe("The whole service in few figures, with its status and the reason.", QueryParameter.Window);
        group.MapGet("real-time", static (IPerformanceMonitor monitor) =>
            Json(monitor.GetRealTimeMetrics())).ForReaders(access).Produces<RealTimeMetrics>()
            .Describe("The last five minutes, and what is going on at this moment.");
        group.MapGet("dashboard", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, window => DashboardResponse.Of(monitor, window))).ForReaders(access).Produces<DashboardResponse>()
            .Describe("Everything that a dashboard paints, in one answer.", QueryParameter.Window);
        group.MapGet("webhook-timing", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, monitor.GetWebhookTimingSummary)).ForReaders(access).Produces<WebhookTimingSummary>()
            .Describe("Response times of webhooks, their phases and endpoints, compliance with both targets, the objective and its error budget, the slowest and the recent ones.", QueryParameter.Window);
        group.MapGet("redis-operations", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, monitor.GetRedisOperationSummary)).ForReaders(access).Produces<RedisOperationSummary>()
            .Describe("Redis operations by command and server, failures, connections, hot keys, slow operations, timeouts, and where the time goes.", QueryParameter.Window);
        group.MapGet("redis-servers", static (IPerformanceMonitor monitor) =>
            Json(new RedisServersResponse(monitor.Redis.GetServers(), monitor.Redis.GetStreamGroups()))).ForReaders(access).Produces<RedisServersResponse>()
            .Describe("What each Redis server last said of itself, and how far the declared consumer groups are.");
        group.MapGet("task-queue", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, monitor.GetTaskQueueSummary)).ForReaders(access).Produces<TaskQueueSummary>()
            .Describe("Depth, workers, waits, processing, task types and backpressure, of all queues together and of each.", QueryParameter.Window);
        group.MapGet("metrics/caches", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, monitor.Caches.GetSummary)).ForReaders(access).Produces<CacheSummary>()
            .Describe("Hits and misses of each cache and of all.", QueryParameter.Window);
        group.MapGet("services/health", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, monitor.GetServiceSummary)).ForReaders(access).Produces<ServiceSummary>()
            .Describe("The services that this one depends on, with their status, uptime, changes and attempts to recover.", QueryParameter.Window);
        group.MapGet("system", static (HttpRequest request, IPerformanceMonitor monitor) =>
            InWindow(request, monitor.GetSystemSummary)).ForReaders(access).Produces<SystemSummary>()
            .Describe("Processor, memory, disks, network and the runtime, as the last sample found them.", QueryParameter.Window);
        group.MapGet("admission", static (IPerformanceMonitor monitor, IAdmission admission) =>
            Json(AdmissionResponse.Of(admission, monitor.TaskQueue.QueueNames))).ForReaders(access).Produces<AdmissionResponse>()
            .Describe("What new work would be told now, by queue and priority; asking is not counted.");
    }

    private static IResult InWindow<TSummary>(HttpRequest request, Func<TimeSpan?, TSummary> read) =>
        Window.TryRead(request.Query, out var window, out var problem) ? Json(read(window)) : problem;

    private static JsonHttpResult<T> Json<T>(T value) => TypedResults.Json(value, ApiJson.For<T>());
}
