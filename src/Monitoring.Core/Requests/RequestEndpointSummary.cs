using System.Text.Json.Serialization;

namespace Monitoring.Requests;

/// <summary>One endpoint and method, or operation, over one window. Immutable.</summary>
public sealed class RequestEndpointSummary
{
    /// <summary>Route template, or name of the operation.</summary>
    public required string Endpoint { get; init; }

    /// <summary>HTTP method; null when it is no HTTP endpoint.</summary>
    public string? Method { get; init; }

    /// <summary>Both, as labels and alerts name it: <c>GET /orders/{id}</c>.</summary>
    [JsonIgnore]
    public string Name => Method is null ? Endpoint : $"{Method} {Endpoint}";

    /// <summary>Number of requests.</summary>
    public long Count { get; init; }

    /// <summary>How many of them failed: an exception, a status of 500 or more, or what the application calls a failure.</summary>
    public long Failures { get; init; }

    /// <summary>Share that did not fail, 0–100; zero when there were none.</summary>
    public double SuccessRatePercent { get; init; }

    /// <summary>Its share of all requests, 0–100.</summary>
    public double SharePercent { get; init; }

    /// <summary>Requests per second over the window, or since the start if that is shorter.</summary>
    public double RequestsPerSecond { get; init; }

    /// <summary>Requests that are going on now.</summary>
    public long InFlight { get; init; }

    /// <summary>Arithmetic mean.</summary>
    public TimeSpan Average { get; init; }

    /// <summary>The fastest.</summary>
    public TimeSpan Minimum { get; init; }

    /// <summary>The slowest.</summary>
    public TimeSpan Maximum { get; init; }

    /// <summary>Median.</summary>
    public TimeSpan P50 { get; init; }

    /// <summary>95th percentile.</summary>
    public TimeSpan P95 { get; init; }

    /// <summary>99th percentile.</summary>
    public TimeSpan P99 { get; init; }

    /// <summary>Responses by the class of their status; zeros when it is no HTTP endpoint.</summary>
    public StatusClassCounts StatusClasses { get; init; }

    /// <summary>Clients that went away before the answer was there; no failures of the service.</summary>
    public long ClientAborts { get; init; }

    /// <summary>Requests that a cache answered.</summary>
    public long CacheHits { get; init; }

    /// <summary>Requests that asked a cache in vain.</summary>
    public long CacheMisses { get; init; }

    /// <summary>Share of hits among both, 0–100; zero when there were none.</summary>
    public double CacheHitRatePercent { get; init; }

    /// <summary>Failed share of the last minute, 0–100, whatever the window.</summary>
    public double ErrorRateLastMinutePercent { get; init; }

    /// <summary>Failed share of the last 100 requests, 0–100, whenever they were.</summary>
    public double ErrorRateLast100Percent { get; init; }
}
