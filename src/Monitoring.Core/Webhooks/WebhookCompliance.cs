namespace Monitoring.Webhooks;

/// <summary>How many webhooks of one window were handled within the two targets; counted, not estimated. Immutable.</summary>
public sealed class WebhookCompliance
{
    /// <summary>How far back it looks: 1 min, 5 min or 1 h.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Number of webhooks.</summary>
    public long Count { get; init; }

    /// <summary>Share handled within the target of 500 ms, 0–100; 0 without webhooks.</summary>
    public double Within500MsPercent { get; init; }

    /// <summary>Share handled within the required 2 s, 0–100; 0 without webhooks.</summary>
    public double Within2SPercent { get; init; }
}
