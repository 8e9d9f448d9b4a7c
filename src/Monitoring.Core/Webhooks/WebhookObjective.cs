namespace Monitoring.Webhooks;

/// <summary>
/// How the declared objective (<see cref="WebhookOptions.ObjectivePercent"/> within <see cref="WebhookOptions.ObjectiveTarget"/>) is
/// kept, and how fast its error budget is used up ("The Site Reliability Workbook", chapters 2 and 5). Immutable.
/// </summary>
public sealed class WebhookObjective
{
    /// <summary>Share of the webhooks that are to be handled within <see cref="Target"/>, 50–99.999.</summary>
    public double ObjectivePercent { get; init; }

    /// <summary>Time within which they are to be handled.</summary>
    public TimeSpan Target { get; init; }

    /// <summary>How far back it looks: 30 days, or to the start of the process if that is later.</summary>
    public TimeSpan Period { get; init; }

    /// <summary>Webhooks in the period.</summary>
    public long Count { get; init; }

    /// <summary>Those of them that took longer than <see cref="Target"/>.</summary>
    public long Misses { get; init; }

    /// <summary>Share handled within <see cref="Target"/>, 0–100; 0 without webhooks.</summary>
    public double CompliancePercent { get; init; }

    /// <summary>
    /// What is left of the error budget, 0–100: 100 × (1 − misses ÷ (count × (1 − objective))); 0 when it is used up, 100 without
    /// webhooks.
    /// </summary>
    public double ErrorBudgetRemainingPercent { get; init; }

    /// <summary>How fast the error budget is used up, over 5 min, 30 min, 1 h, 6 h and 3 days.</summary>
    public IReadOnlyList<WebhookBurnRate> BurnRates { get; init; } = [];
}

/// <summary>How fast an error budget is used up over one window. Immutable.</summary>
public sealed class WebhookBurnRate
{
    /// <summary>How far back it looks, or to the start of the process if that is later.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Number of webhooks.</summary>
    public long Count { get; init; }

    /// <summary>
    /// Share of misses ÷ (1 − objective): at 1 the budget of a period lasts exactly for it, at 14.4 that of 30 days is
    /// gone in two days. 0 without webhooks.
    /// </summary>
    public double Rate { get; init; }
}
