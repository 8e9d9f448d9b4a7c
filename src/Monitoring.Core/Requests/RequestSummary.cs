namespace Monitoring.Requests;

/// <summary>Requests and other operations over one window. Zeros everywhere when there was nothing. Immutable.</summary>
public sealed class RequestSummary
{
    /// <summary>How far back it looks; an hour at most.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Number of requests.</summary>
    public long Count { get; init; }

    /// <summary>How many of them did not fail.</summary>
    public long Successes { get; init; }

    /// <summary>How many of them failed: an exception, a status of 500 or more, or what the application calls a failure.</summary>
    public long Failures { get; init; }

    /// <summary>Share that did not fail, 0–100; zero when there were none.</summary>
    public double SuccessRatePercent { get; init; }

    /// <summary>Failed share of the last minute, 0–100, whatever the window.</summary>
    public double ErrorRateLastMinutePercent { get; init; }

    /// <summary>Failed share of the last 100 requests, 0–100, whenever they were.</summary>
    public double ErrorRateLast100Percent { get; init; }

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

    /// <summary>Responses by the class of their status; operations that are no HTTP requests have none.</summary>
    public StatusClassCounts StatusClasses { get; init; }

    /// <summary>Clients that went away before the answer was there (499); no failures of the service.</summary>
    public long ClientAborts { get; init; }

    /// <summary>Requests that a cache answered.</summary>
    public long CacheHits { get; init; }

    /// <summary>Requests that asked a cache in vain.</summary>
    public long CacheMisses { get; init; }

    /// <summary>Share of hits among both, 0–100; zero when there were none.</summary>
    public double CacheHitRatePercent { get; init; }

    /// <summary>The same by endpoint and method, the busiest first.</summary>
    public IReadOnlyList<RequestEndpointSummary> Endpoints { get; init; } = [];

    /// <summary>The most active users, by requests.</summary>
    public IReadOnlyList<RequestActivity> TopUsers { get; init; } = [];

    /// <summary>The most active tenants, by requests.</summary>
    public IReadOnlyList<RequestActivity> TopTenants { get; init; } = [];

    /// <summary>Requests since the start whose endpoint found no room and was summed up as <c>OTHER</c>.</summary>
    public long OverflowedEndpoints { get; init; }

    /// <summary>Operations of this process, since its start, that were too many at once for what they called to be attributed to them.</summary>
    public long Unattributed { get; init; }
}
