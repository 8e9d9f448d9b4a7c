namespace Monitoring.Webhooks;

/// <summary>One endpoint over one window. Immutable.</summary>
public sealed class WebhookEndpointSummary
{
    /// <summary>Name of the endpoint.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Number of webhooks.</summary>
    public long Count { get; init; }

    /// <summary>Arithmetic mean.</summary>
    public TimeSpan Average { get; init; }

    /// <summary>The slowest.</summary>
    public TimeSpan Maximum { get; init; }

    /// <summary>Median.</summary>
    public TimeSpan P50 { get; init; }

    /// <summary>95th percentile.</summary>
    public TimeSpan P95 { get; init; }

    /// <summary>99th percentile.</summary>
    public TimeSpan P99 { get; init; }

    /// <summary>Share handled within the target of 500 ms, 0–100.</summary>
    public double Within500MsPercent { get; init; }

    /// <summary>Share handled within the required 2 s, 0–100.</summary>
    public double Within2SPercent { get; init; }

    /// <summary>Where the time of its webhooks goes, by phase, the largest share first; a share is of this endpoint's time.</summary>
    public IReadOnlyList<WebhookPhaseSummary> Phases { get; init; } = [];
}
