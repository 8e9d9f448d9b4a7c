using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Monitoring.Alerts;
using Monitoring.AspNetCore.Endpoints;
using Monitoring.AspNetCore.Live;
using Monitoring.AspNetCore.Page;
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

namespace Monitoring.AspNetCore.Json;

/// <summary>Everything the API sends and receives, generated at build time: no reflection, whatever the host's own JSON settings are.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    Converters = [typeof(MillisecondsConverter), typeof(FiniteNumberConverter)])]
[JsonSerializable(typeof(PerformanceSummary))]
[JsonSerializable(typeof(RealTimeMetrics))]
[JsonSerializable(typeof(DashboardResponse))]
[JsonSerializable(typeof(WebhookTimingSummary))]
[JsonSerializable(typeof(RedisOperationSummary))]
[JsonSerializable(typeof(RedisServersResponse))]
[JsonSerializable(typeof(TaskQueueSummary))]
[JsonSerializable(typeof(CacheSummary))]
[JsonSerializable(typeof(QuerySummary))]
[JsonSerializable(typeof(IReadOnlyList<CircuitBreakerSummary>))]
[JsonSerializable(typeof(Alert))]
[JsonSerializable(typeof(AlertsResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(AlertResponse))]
[JsonSerializable(typeof(AlertRulesResponse))]
[JsonSerializable(typeof(NotifiersResponse))]
[JsonSerializable(typeof(NotifierTestResponse))]
[JsonSerializable(typeof(NoteRequest))]
[JsonSerializable(typeof(SilenceRequest))]
[JsonSerializable(typeof(SilenceResponse))]
[JsonSerializable(typeof(SilencesResponse))]
[JsonSerializable(typeof(AuditResponse))]
[JsonSerializable(typeof(TaskRequest))]
[JsonSerializable(typeof(TaskQueuesResponse))]
[JsonSerializable(typeof(DeadLettersResponse))]
[JsonSerializable(typeof(RedriveResponse))]
[JsonSerializable(typeof(AdmissionResponse))]
[JsonSerializable(typeof(CircuitBreakerSummary))]
[JsonSerializable(typeof(ConfigResponse))]
[JsonSerializable(typeof(RequestSummary))]
[JsonSerializable(typeof(RequestEndpointsResponse))]
[JsonSerializable(typeof(SlowRequestsResponse))]
[JsonSerializable(typeof(SystemSummary))]
[JsonSerializable(typeof(ServiceSummary))]
[JsonSerializable(typeof(LiveSnapshot))]
[JsonSerializable(typeof(HistorySummary))]
[JsonSerializable(typeof(RedisLatencyMap))]
[JsonSerializable(typeof(ChangesResponse))]
[JsonSerializable(typeof(SessionResponse))]
[JsonSerializable(typeof(ReportData))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(HttpValidationProblemDetails))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
