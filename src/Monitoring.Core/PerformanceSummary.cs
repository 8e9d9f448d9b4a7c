using Monitoring.Alerts;
using Monitoring.Backpressure;
using Monitoring.Measurements;

namespace Monitoring;

/// <summary>How the whole service did over one window, in few figures; each room's own summary has the rest. Zeros where there was nothing. Immutable.</summary>
public record PerformanceSummary
{
    /// <summary>When it was made.</summary>
    public DateTimeOffset GeneratedAt { get; init; }

    /// <summary>How far back it looks; an hour at most.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>How the service fares now.</summary>
    public MonitoringStatus Status { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Requests and other operations that ended.</summary>
    public long TotalRequests { get; init; }

    /// <summary>Those of them that succeeded.</summary>
    public long SuccessfulRequests { get; init; }

    /// <summary>Their share, 0–100; 0 when there were none.</summary>
    public double SuccessRatePercent { get; init; }

    /// <summary>Requests and other operations a minute, over the window or the time since the start, if that is shorter.</summary>
    public double RequestsPerMinute { get; init; }

    /// <summary>How long they took.</summary>
    public ResponseTimes ResponseTimes { get; init; } = new();

    /// <summary>What was found in caches, all of them together.</summary>
    public CacheFigures Cache { get; init; } = new();

    /// <summary>What was asked for, the busiest first; ten at most.</summary>
    public IReadOnlyList<OperationShare> Operations { get; init; } = [];

    /// <summary>How many alerts are active now.</summary>
    public AlertSummary ActiveAlerts { get; init; }

    /// <summary>Webhooks.</summary>
    public WebhookFigures Webhooks { get; init; } = new();

    /// <summary>Redis.</summary>
    public RedisFigures Redis { get; init; } = new();

    /// <summary>The queues together.</summary>
    public TaskQueueFigures TaskQueue { get; init; } = new();

    /// <summary>What the application measures itself, by name.</summary>
    public IReadOnlyList<MeasurementSummary> Measurements { get; init; } = [];
}

/// <summary>Times of requests and other operations.</summary>
/// <param name="Average">Arithmetic mean.</param>
/// <param name="Minimum">The fastest.</param>
/// <param name="Maximum">The slowest.</param>
/// <param name="P50">Median.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
public sealed record ResponseTimes(
    TimeSpan Average = default, TimeSpan Minimum = default, TimeSpan Maximum = default, TimeSpan P50 = default, TimeSpan P95 = default, TimeSpan P99 = default);

/// <summary>What was found in caches.</summary>
/// <param name="Lookups">How often something was looked up.</param>
/// <param name="Hits">How often it was there.</param>
/// <param name="Misses">How often it was not.</param>
/// <param name="HitRatePercent">Share of the hits, 0–100; 0 without lookups.</param>
public sealed record CacheFigures(long Lookups = 0, long Hits = 0, long Misses = 0, double HitRatePercent = 0);

/// <summary>One kind of request, or of another operation, among all of them.</summary>
/// <param name="Operation">The endpoint with its method, or the name of the operation.</param>
/// <param name="Count">How many there were.</param>
/// <param name="SharePercent">Their share of all, 0–100.</param>
public sealed record OperationShare(string Operation, long Count, double SharePercent);

/// <summary>Webhooks in few figures.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="P95">95th percentile of their time.</param>
/// <param name="Within500MsPercent">Share within 500 ms, 0–100.</param>
/// <param name="Within2SPercent">Share within 2 s, 0–100.</param>
public sealed record WebhookFigures(long Count = 0, TimeSpan P95 = default, double Within500MsPercent = 0, double Within2SPercent = 0);

/// <summary>Redis in few figures.</summary>
/// <param name="Operations">How many operations there were.</param>
/// <param name="SuccessRatePercent">Share of those that succeeded, 0–100; 0 when there were none.</param>
/// <param name="P95">95th percentile of their latency.</param>
/// <param name="OpenCircuits">Circuits that are not closed now.</param>
public sealed record RedisFigures(long Operations = 0, double SuccessRatePercent = 0, TimeSpan P95 = default, int OpenCircuits = 0);

/// <summary>The queues together in few figures.</summary>
/// <param name="Depth">Tasks that wait now.</param>
/// <param name="WorkerUtilizationPercent">Busy share of the workers now, 0–100.</param>
/// <param name="Completed">Tasks done.</param>
/// <param name="Failed">Tasks given up.</param>
/// <param name="Backpressure">The worst backpressure of any queue now.</param>
public sealed record TaskQueueFigures(
    long Depth = 0, double WorkerUtilizationPercent = 0, long Completed = 0, long Failed = 0, BackpressureLevel Backpressure = BackpressureLevel.None);
