using Monitoring.Alerts;
using Monitoring.AspNetCore.Endpoints;
using Monitoring.Caches;
using Monitoring.CircuitBreakers;
using Monitoring.History;
using Monitoring.Queries;
using Monitoring.Redis;
using Monitoring.Requests;
using Monitoring.Services;
using Monitoring.SystemResources;
using Monitoring.TaskQueues;
using Monitoring.Webhooks;

namespace Monitoring.AspNetCore.Live;

/// <summary>What a page of the dashboard shows at one moment. Of the parts only that of the page is there.</summary>
internal sealed record LiveSnapshot
{
    public required LivePage Page { get; init; }

    public required DateTimeOffset At { get; init; }

    public required TimeSpan Window { get; init; }

    /// <summary>When the monitor started: another value means another process.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required MonitoringStatus Status { get; init; }

    public required string Reason { get; init; }

    public required AlertSummary ActiveAlerts { get; init; }

    /// <summary>The newest value of every series of the history.</summary>
    public required IReadOnlyList<HistoryValue> Values { get; init; }

    public LiveOverview? Overview { get; init; }

    public LiveRedis? Redis { get; init; }

    public TaskQueueSummary? Queue { get; init; }

    public WebhookTimingSummary? Webhooks { get; init; }

    public LiveRequests? Requests { get; init; }

    public SystemSummary? System { get; init; }

    public LiveAlerts? Alerts { get; init; }
}

/// <summary>The pages.</summary>
internal enum LivePage
{
    Overview,
    Redis,
    Queue,
    Webhooks,
    Requests,
    System,
    Alerts,
}

internal sealed record LiveOverview(
    RealTimeMetrics RealTime, IReadOnlyList<Lane> Lanes, IReadOnlyList<Alert> ActiveAlerts, IReadOnlyList<CircuitBreakerSummary> CircuitBreakers, IReadOnlyList<RecentChange> Changes);

internal sealed record LiveRedis(RedisOperationSummary Operations, RedisServersResponse Servers);

internal sealed record LiveRequests(RequestSummary Summary, SlowRequestsResponse Slow, QuerySummary Queries, CacheSummary Caches, ServiceSummary Services);

/// <summary>Those that were resolved by hand although their condition holds on are among the resolved too.</summary>
internal sealed record LiveAlerts(
    IReadOnlyList<Alert> Active, IReadOnlyList<Alert> Pending, IReadOnlyList<Alert> Held, IReadOnlyList<Alert> Resolved, IReadOnlyList<SilenceResponse> Silences, IReadOnlyList<AlertRuleStatus> Rules);
