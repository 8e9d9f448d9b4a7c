using Monitoring.Alerts;
using Monitoring.Caches;
using Monitoring.CircuitBreakers;
using Monitoring.Queries;
using Monitoring.Redis;
using Monitoring.Requests;
using Monitoring.Services;
using Monitoring.SystemResources;
using Monitoring.TaskQueues;
using Monitoring.Webhooks;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Everything that a dashboard paints, in one answer: each part as its own route gives it.</summary>
internal sealed record DashboardResponse(
    PerformanceSummary Summary,
    RealTimeMetrics RealTime,
    WebhookTimingSummary Webhooks,
    RequestSummary Requests,
    CacheSummary Caches,
    QuerySummary Queries,
    RedisOperationSummary Redis,
    RedisServersResponse RedisServers,
    IReadOnlyList<CircuitBreakerSummary> CircuitBreakers,
    TaskQueueSummary TaskQueue,
    SystemSummary System,
    ServiceSummary Services,
    IReadOnlyList<Alert> ActiveAlerts,
    IReadOnlyList<Alert> ResolvedAlerts)
{
    private const int MostResolved = 20;

    public static DashboardResponse Of(IPerformanceMonitor monitor, TimeSpan? window) => new(
        monitor.GetPerformanceSummary(window),
        monitor.GetRealTimeMetrics(),
        monitor.GetWebhookTimingSummary(window),
        monitor.GetRequestSummary(window),
        monitor.Caches.GetSummary(window),
        monitor.GetQuerySummary(window),
        monitor.GetRedisOperationSummary(window),
        new RedisServersResponse(monitor.Redis.GetServers(), monitor.Redis.GetStreamGroups()),
        monitor.CircuitBreakers.GetSummaries(),
        monitor.GetTaskQueueSummary(window),
        monitor.GetSystemSummary(window),
        monitor.GetServiceSummary(window),
        monitor.GetActiveAlerts(),
        [.. monitor.Alerts.GetResolved().Take(MostResolved)]);
}
