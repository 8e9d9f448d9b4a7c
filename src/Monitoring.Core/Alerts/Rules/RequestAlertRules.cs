using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>The default rules about requests and other operations.</summary>
internal static class RequestAlertRules
{
    public static IEnumerable<AlertRule> From(AlertOptions options, double hysteresis)
    {
        var t = options.Thresholds;
        var latency = ThresholdPair.Of(t.RequestLatencyWarning, t.RequestLatencyCritical);
        yield return new AlertRule(MetricNames.RequestLatency, AlertCategory.Request, "ms")
        {
            Describe = static reading => $"{DefaultAlertRules.Subject("Request", reading)}: 95th percentile of the time is {AlertText.Quantity(reading.Value, "ms")}",
            Thresholds = _ => latency,
            Windowed = true,
            MinimumCount = options.MinimumCount,
            Hysteresis = hysteresis,
        };
        yield return new AlertRule(MetricNames.RequestErrorRate, AlertCategory.Request, "%")
        {
            Describe = static reading => $"{DefaultAlertRules.Subject("Requests", reading)}: {AlertText.Quantity(reading.Value, "%")} failed",
            Thresholds = _ => new ThresholdPair(t.RequestErrorRateWarningPercent, t.RequestErrorRateCriticalPercent),
            Windowed = true,
            MinimumCount = t.RequestErrorRateMinimumRequests,
            Hysteresis = hysteresis,
        };
    }
}
