using Monitoring.Alerts;
using Monitoring.Caches;
using Monitoring.CircuitBreakers;
using Monitoring.History;
using Monitoring.Measurements;
using Monitoring.Queries;
using Monitoring.Redis;
using Monitoring.Requests;
using Monitoring.Services;
using Monitoring.SystemResources;
using Monitoring.TaskQueues;
using Monitoring.Telemetry;
using Monitoring.Webhooks;

namespace Monitoring;

/// <summary>
/// The front door: records what happened and answers how it goes. Every member is thread-safe; no recording member
/// throws, blocks or grows without bound.
/// </summary>
public interface IPerformanceMonitor
{
    /// <summary>The clock of all windows and times.</summary>
    TimeProvider TimeProvider { get; }

    /// <summary>The webhook handlers.</summary>
    WebhookMonitor Webhooks { get; }

    /// <summary>Requests and other operations.</summary>
    RequestMonitor Requests { get; }

    /// <summary>Caches.</summary>
    CacheMonitor Caches { get; }

    /// <summary>Database queries.</summary>
    QueryMonitor Queries { get; }

    /// <summary>Processor, memory, disks, network and the runtime.</summary>
    SystemMonitor SystemResources { get; }

    /// <summary>The services that this one depends on.</summary>
    ServiceMonitor Services { get; }

    /// <summary>Redis.</summary>
    RedisMonitor Redis { get; }

    /// <summary>The circuits.</summary>
    CircuitBreakerRegistry CircuitBreakers { get; }

    /// <summary>The background queue.</summary>
    TaskQueueMonitor TaskQueue { get; }

    /// <summary>What the application measures itself.</summary>
    MeasurementMonitor Measurements { get; }

    /// <summary>The alerts.</summary>
    AlertManager Alerts { get; }

    /// <summary>The last changes that people made.</summary>
    AuditLog Audit { get; }

    /// <summary>How the figures went over time.</summary>
    HistoryMonitor History { get; }

    /// <summary>When the monitor was made.</summary>
    DateTimeOffset StartedAt { get; }

    /// <summary>The places that are watched, each with its status and the reason.</summary>
    IReadOnlyList<Lane> GetLanes() => Lanes.Of(this);

    /// <summary>What changed lately, newest first, at most 100.</summary>
    /// <param name="window">How far to look back; 1 s to 1 h, by default five minutes.</param>
    IReadOnlyList<RecentChange> GetRecentChanges(TimeSpan? window = null) => RecentChanges.Of(this, window ?? Overview.RealTimeWindow);

    /// <summary>Starts timing one webhook; dispose the timing to record it.</summary>
    /// <param name="endpoint">A short, bounded name such as <c>github</c>; never the raw path.</param>
    WebhookTiming BeginWebhook(string endpoint) => Webhooks.Begin(endpoint);

    /// <summary>Records a webhook that was timed elsewhere.</summary>
    void RecordWebhookTiming(WebhookTimingBreakdown breakdown) => Webhooks.Record(breakdown);

    /// <summary>Records a request, or another operation, that was measured elsewhere.</summary>
    void RecordRequest(in RequestMetric metric) => Requests.Record(in metric);

    /// <summary>Begins an operation that is no HTTP request: an intent, a job, a call of a model; dispose it to record it.</summary>
    /// <param name="name">A short, bounded name such as <c>assess</c>.</param>
    MonitoredOperation BeginOperation(string name) => Requests.BeginOperation(name);

    /// <summary>Records a Redis operation that was measured elsewhere.</summary>
    void RecordRedisOperation(in RedisOperationMetric metric) => Redis.Record(in metric);

    /// <summary>Counts one lookup in a cache.</summary>
    /// <param name="cache">Name of the cache, of few different ones; never a key.</param>
    /// <param name="hit">Whether it found something.</param>
    void RecordCache(string cache, bool hit) => Caches.Record(cache, hit);

    /// <summary>Records a measurement of a queue that is watched from outside.</summary>
    void RecordTaskQueueMetrics(TaskQueueMetrics metrics) => TaskQueue.Record(metrics);

    /// <summary>Records a value that the application measures itself, such as the age of a price list; rules may watch it under its name.</summary>
    /// <param name="name">What is measured, with its unit where it has one; 100 names are told apart.</param>
    /// <param name="value">A finite number.</param>
    void RecordMetric(string name, double value) => Measurements.Record(name, value);

    /// <summary>Webhook response times over the last <paramref name="window"/>; an hour by default.</summary>
    WebhookTimingSummary GetWebhookTimingSummary(TimeSpan? window = null) => Webhooks.GetSummary(window);

    /// <summary>Requests and other operations over the last <paramref name="window"/>; an hour by default.</summary>
    RequestSummary GetRequestSummary(TimeSpan? window = null) => Requests.GetSummary(window);

    /// <summary>Redis operations over the last <paramref name="window"/>; an hour by default.</summary>
    RedisOperationSummary GetRedisOperationSummary(TimeSpan? window = null) => Redis.GetSummary(window);

    /// <summary>Database queries over the last <paramref name="window"/>, with the slow ones; an hour by default.</summary>
    QuerySummary GetQuerySummary(TimeSpan? window = null) => Queries.GetSummary(window);

    /// <summary>The queue over the last <paramref name="window"/>; an hour by default.</summary>
    TaskQueueSummary GetTaskQueueSummary(TimeSpan? window = null) => TaskQueue.GetSummary(window);

    /// <summary>Processor, memory, disks, network and the runtime over the last <paramref name="window"/>; an hour by default.</summary>
    SystemSummary GetSystemSummary(TimeSpan? window = null) => SystemResources.GetSummary(window);

    /// <summary>The services that this one depends on over the last <paramref name="window"/>; an hour by default.</summary>
    ServiceSummary GetServiceSummary(TimeSpan? window = null) => Services.GetSummary(window);

    /// <summary>The whole service in few figures over the last <paramref name="window"/>; an hour by default and at most.</summary>
    PerformanceSummary GetPerformanceSummary(TimeSpan? window = null) => Overview.Summarize(this, window);

    /// <summary>The last five minutes, and what is going on at this moment.</summary>
    RealTimeMetrics GetRealTimeMetrics() => Overview.Now(this);

    /// <summary>Alerts that are firing, the most severe first.</summary>
    IReadOnlyList<Alert> GetActiveAlerts() => Alerts.GetActive();

    /// <summary>Resolves an alert by hand.</summary>
    /// <param name="key">Key of the alert.</param>
    /// <param name="note">Why, or what was done.</param>
    /// <param name="by">Who.</param>
    /// <returns>False when no alert of that key is active.</returns>
    bool ResolveAlert(string key, string? note = null, string? by = null) => Alerts.Resolve(key, note, by);
}
