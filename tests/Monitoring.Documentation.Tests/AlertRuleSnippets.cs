using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Alerts;
using Monitoring.Telemetry;

namespace Monitoring.Documentation.Tests;

/// <summary>The code blocks about rules of docs/alerts.md, compiled. Each stands there word for word, between its two marks.</summary>
internal static class AlertRuleSnippets
{
    public static void AddRules(WebApplicationBuilder builder)
    {
        // snippet: rules
        builder.Services.AddMonitoring(o =>
        {
            o.Alerts.Rules.Add(new AlertRuleOptions
            {
                Name = "checkout-errors",
                Kind = "ratio",
                Metric = "Shop/checkouts.failed",
                Total = "Shop/checkouts",
                Warning = 1,
                Critical = 5,
                MinimumCount = 50,
            });
            o.Alerts.Rules.Add(new AlertRuleOptions { Name = MetricNames.RedisOperationLatency, For = TimeSpan.FromSeconds(30), Labels = { ["team"] = "cache" } });
        });
        builder.Services.AddSingleton<IAlertRule, NightlyExportRule>();
        // end
    }

    // snippet: code
    public sealed class NightlyExportRule : IAlertRule
    {
        public string Name => "nightly-export";

        public IEnumerable<AlertFinding> Evaluate(IAlertReadings readings)
        {
            foreach (MetricReading age in readings.Read("export-age-hours").Where(age => age.Value > 26))
            {
                yield return new AlertFinding(AlertSeverity.Warning, $"The last export is {age.Value:0} hours old; it should run every 24.") { Value = age.Value, Threshold = 26, Unit = "h" };
            }
        }
    }
    // end
}
