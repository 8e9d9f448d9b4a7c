using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Monitoring.Alerts;
using Monitoring.Alerts.Rules;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>Our default rules, with the thresholds in effect, as a rule file of Prometheus 2.42 or newer.</summary>
internal static partial class RuleFile
{
    /// <summary>Writes the rules as the settings have them.</summary>
    public static string Write(AlertOptions options)
    {
        var (rules, own) = AlertingRules.InEffect(options);
        return Write(rules, own);
    }

    /// <summary>Writes rules.</summary>
    /// <param name="rules">The default rules.</param>
    /// <param name="own">Names of the host's own rules, whose values are not among the exported metrics.</param>
    public static string Write(IEnumerable<AlertRule> rules, IEnumerable<string> own)
    {
        var (said, missing) = AlertingRules.From(rules);
        var yaml = new YamlWriter();
        yaml.Comment("The alert rules of this service, over the metrics of its monitor. Printed anew when thresholds change.");
        foreach (var (rule, reason) in missing.Concat(own.Select(static name => (name, "it is a rule of this service's own"))))
        {
            yaml.Comment($"Not here: {rule}, because {reason}.");
        }

        if (said.Count == 0)
        {
            yaml.Nothing("groups");
            return yaml.ToString();
        }

        yaml.Below("groups", () =>
        {
            foreach (var group in said.GroupBy(static rule => rule.Rule.Category))
            {
                yaml.Item(() =>
                {
                    yaml.Text("name", $"monitoring-{JsonNamingPolicy.CamelCase.ConvertName(group.Key.ToString())}");
                    yaml.Below("rules", () =>
                    {
                        foreach (var rule in group)
                        {
                            yaml.Item(() => Write(yaml, rule));
                        }
                    });
                });
            }
        });
        return yaml.ToString();
    }

    private static void Write(YamlWriter yaml, AlertingRule rule)
    {
        yaml.Text("alert", rule.Rule.Name);
        yaml.Text("expr", rule.Expression);
        yaml.Text("for", Duration(rule.Rule.For));
        if (rule.Rule.KeepFiringFor > TimeSpan.Zero)
        {
            yaml.Text("keep_firing_for", Duration(rule.Rule.KeepFiringFor));
        }

        yaml.Below("labels", () =>
        {
            yaml.Text("severity", AlertingRules.NameOf(rule.Severity));
            yaml.Text("category", JsonNamingPolicy.CamelCase.ConvertName(rule.Rule.Category.ToString()));
            foreach (var (name, value) in rule.Rule.Labels.Where(static label => IsOwnLabel(label.Key)))
            {
                yaml.Text(name, Literal(value));
            }
        });
        yaml.Below("annotations", () =>
        {
            yaml.Text("summary", rule.Summary);
            yaml.Text("description", rule.Description);
            if (rule.Rule.Runbook is { } runbook)
            {
                yaml.Text("runbook_url", Literal(runbook));
            }
        });
    }

    private static bool IsOwnLabel(string name) => LabelName().IsMatch(name) && name is not ("severity" or "category" or "alertname") && !name.StartsWith("__", StringComparison.Ordinal);

    // Labels and annotations are templates.
    private static string Literal(string text) => text.Replace("{{", "{{ \"{{\" }}", StringComparison.Ordinal);

    private static string Duration(TimeSpan time) => time.Ticks % TimeSpan.TicksPerSecond == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / TimeSpan.TicksPerSecond}s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (long)time.TotalMilliseconds)}ms");

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$")]
    private static partial Regex LabelName();
}
