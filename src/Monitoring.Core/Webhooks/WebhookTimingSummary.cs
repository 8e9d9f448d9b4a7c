namespace Monitoring.Webhooks;

/// <summary>Response times of webhooks over one window. Zeros everywhere when there were none. Immutable.</summary>
public sealed class WebhookTimingSummary
{
    /// <summary>How far back it looks; an hour at most.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Number of webhooks.</summary>
    public long Count { get; init; }

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

    /// <summary>Share handled within the target of 500 ms, 0–100; counted, not estimated.</summary>
    public double Within500MsPercent { get; init; }

    /// <summary>Share handled within the required 2 s, 0–100; counted, not estimated.</summary>
    public double Within2SPercent { get; init; }

    /// <summary>Where the time goes, by phase, the largest share first.</summary>
    public IReadOnlyList<WebhookPhaseSummary> Phases { get; init; } = [];

    /// <summary>The same by endpoint, the busiest first.</summary>
    public IReadOnlyList<WebhookEndpointSummary> Endpoints { get; init; } = [];

    /// <summary>Both targets over the last minute, five minutes and hour, whatever <see cref="Window"/> is.</summary>
    public IReadOnlyList<WebhookCompliance> Compliance { get; init; } = [];

    /// <summary>How the declared objective is kept.</summary>
    public WebhookObjective Objective { get; init; } = new();

    /// <summary>The slowest webhooks of the window, the slowest first, with where their time went.</summary>
    public IReadOnlyList<WebhookTimingBreakdown> Slowest { get; init; } = [];

    /// <summary>The last webhooks, newest first, whenever they were.</summary>
    public IReadOnlyList<WebhookTimingBreakdown> Recent { get; init; } = [];

    /// <summary>Webhooks since the start whose endpoint found no room and was summed up as <c>OTHER</c>.</summary>
    public long OverflowedEndpoints { get; init; }

    /// <summary>
    /// Phases since the start that found no room: summed up as <c>OTHER</c>, or not told apart by endpoint.
    /// </summary>
    public long OverflowedPhases { get; init; }
}
