using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>The default rule on the objective of webhooks: how fast its error budget is used up, over pairs of windows.</summary>
internal static class WebhookObjectiveRule
{
    // Below so many webhooks in the long window one slow one would be an alert.
    private const int MinimumCount = 100;

    // What the rule says in general: the pairs have thresholds of their own.
    private static readonly ThresholdPair Lowest = new(
        BurnPair.Defaults.Where(static pair => pair.Level == AlertLevel.Warning).Min(static pair => pair.Factor),
        BurnPair.Defaults.Where(static pair => pair.Level == AlertLevel.Critical).Min(static pair => pair.Factor));

    public static AlertRule From(double hysteresis) => new(MetricNames.WebhookObjective, AlertCategory.Webhook, "×")
    {
        Kind = RuleKinds.BurnRate,
        Condition = $"{MetricNames.WebhookObjective} burns its error budget: {RuleWording.Burn(BurnPair.Defaults)}, of at least {MinimumCount}.",
        Describe = static reading => $"Webhooks: the error budget burns {AlertText.Quantity(reading.Value, "×")} as fast as it may over {reading.Text}",
        Sentence = static (_, reading, level) =>
            $"Webhooks: the error budget of their objective burns {AlertText.Quantity(reading.Value, "×")} as fast as it may over {reading.Text}"
            + (reading.Value >= reading.Limit ? $"; {AlertText.Quantity(reading.Limit ?? 0, "×")} is {RuleWording.Name(level)}." : "."),
        Thresholds = static reading => reading.Limit is { } factor ? new ThresholdPair(factor, factor) : Lowest,
        MinimumCount = MinimumCount,
        Hysteresis = hysteresis,
    };
}
