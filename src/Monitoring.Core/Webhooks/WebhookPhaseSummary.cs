namespace Monitoring.Webhooks;

/// <summary>One phase of webhooks over one window. Immutable.</summary>
public sealed class WebhookPhaseSummary
{
    /// <summary>Name of the phase.</summary>
    public required string Name { get; init; }

    /// <summary>Number of webhooks that went through it.</summary>
    public long Count { get; init; }

    /// <summary>Mean time during which it ran, in webhooks that went through it.</summary>
    public TimeSpan Average { get; init; }

    /// <summary>95th percentile of the same.</summary>
    public TimeSpan P95 { get; init; }

    /// <summary>Mean of the part of that time during which no phase within it ran.</summary>
    public TimeSpan AverageSelf { get; init; }

    /// <summary>
    /// Its own part (<see cref="AverageSelf"/>) of the response time of all webhooks, 0–100. The shares of all phases add
    /// up to 100 less what lies in no phase, or to more where phases run in parallel.
    /// </summary>
    public double SharePercent { get; init; }
}
