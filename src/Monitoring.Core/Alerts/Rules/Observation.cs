using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>What a rule found of one series at one evaluation.</summary>
/// <param name="Rule">The rule; a reload may replace it by another one of the same name.</param>
/// <param name="Reading">The value.</param>
/// <param name="Confirmed">The level that its condition has now: what raises.</param>
/// <param name="Held">The level that is not yet gone, hysteresis included: what keeps up. Never below <paramref name="Confirmed"/>.</param>
/// <param name="IsBreaching">Whether the value breaches a threshold, be it in the short window only.</param>
internal readonly record struct Observation(AlertRule Rule, MetricReading Reading, AlertLevel Confirmed, AlertLevel Held, bool IsBreaching)
{
    public AlertSeries Series => new(Rule.Name, Reading.Instance);
}
