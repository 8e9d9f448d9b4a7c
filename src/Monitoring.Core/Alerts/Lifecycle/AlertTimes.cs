using Monitoring.Alerts.Rules;

namespace Monitoring.Alerts.Lifecycle;

/// <summary>The times that a life is measured by.</summary>
/// <param name="For">How long a condition must hold.</param>
/// <param name="KeepFiringFor">How long it must be gone.</param>
/// <param name="ReopenAfter">After how long an alert that was resolved by hand fires again; null means never.</param>
/// <param name="FlapCount">How often it must fire to count as flapping.</param>
/// <param name="FlapWindow">Within which time, and for how long it must then be gone.</param>
internal readonly record struct AlertTimes(TimeSpan For, TimeSpan KeepFiringFor, TimeSpan? ReopenAfter, int FlapCount, TimeSpan FlapWindow)
{
    public static AlertTimes Of(AlertRule rule, AlertOptions options) =>
        new(rule.For, rule.KeepFiringFor, options.ReopenAfter, options.FlapCount, options.FlapWindow);
}
