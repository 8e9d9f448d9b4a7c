using Monitoring.Alerts;
using Monitoring.AspNetCore.Endpoints;

namespace Monitoring.AspNetCore.Live;

/// <summary>Puts together what a page shows.</summary>
internal static class LivePages
{
    private const int MostEntries = 100;

    public static LiveSnapshot Take(IPerformanceMonitor monitor, LivePage page, TimeSpan window)
    {
        var now = monitor.TimeProvider.GetUtcNow();
        var (status, reason) = Overview.Judge(monitor);
        var snapshot = new LiveSnapshot
        {
            Page = page,
            At = now,
            Window = window,
            StartedAt = monitor.StartedAt,
            Status = status,
            Reason = reason,
            ActiveAlerts = AlertSummary.Of(monitor.GetActiveAlerts()),
            Values = monitor.History.GetLatest(),
        };
        return page switch
        {
            LivePage.Overview => snapshot with
            {
                Overview = new(monitor.GetRealTimeMetrics(), monitor.GetLanes(), monitor.GetActiveAlerts(), monitor.CircuitBreakers.GetSummaries(), monitor.GetRecentChanges()),
            },
            LivePage.Redis => snapshot with
            {
                Redis = new(monitor.GetRedisOperationSummary(window), new RedisServersResponse(monitor.Redis.GetServers(), monitor.Redis.GetStreamGroups())),
            },
            LivePage.Queue => snapshot with { Queue = monitor.GetTaskQueueSummary(window) },
            LivePage.Webhooks => snapshot with { Webhooks = monitor.GetWebhookTimingSummary(window) },
            LivePage.Requests => snapshot with
            {
                Requests = new(monitor.GetRequestSummary(window), SlowRequestsResponse.Of(monitor, null, MostEntries), monitor.GetQuerySummary(window), monitor.Caches.GetSummary(window), monitor.GetServiceSummary(window)),
            },
            LivePage.System => snapshot with { System = monitor.GetSystemSummary(window) },
            _ => snapshot with
            {
                Alerts = new(
                    monitor.GetActiveAlerts(), monitor.Alerts.GetPending(), monitor.Alerts.GetHeld(), [.. monitor.Alerts.GetResolved().Take(MostEntries)],
                    [.. monitor.Alerts.Silences.GetAll().Take(MostEntries).Select(silence => SilenceResponse.Of(silence, now))], monitor.Alerts.GetRules()),
            },
        };
    }
}
