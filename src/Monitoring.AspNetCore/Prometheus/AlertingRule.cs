using System.Globalization;
using Monitoring.Alerts;
using Monitoring.Alerts.Rules;
using Monitoring.Telemetry;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>One of our rules at one severity, said in PromQL.</summary>
internal sealed record AlertingRule(AlertRule Rule, AlertSeverity Severity, string Expression, string Summary, string Description);

/// <summary>Says our default rules in PromQL, over the metrics that are exported.</summary>
internal static class AlertingRules
{
    /// <summary>The default rules with everything that the settings change of them, and the names of the host's own rules.</summary>
    public static (IReadOnlyList<AlertRule> Rules, IReadOnlyList<string> Own) InEffect(AlertOptions options)
    {
        var changes = options.Rules.ToDictionary(static change => change.Name, StringComparer.Ordinal);
        AlertRule[] rules = [.. DefaultAlertRules.From(options).Select(rule => changes.Remove(rule.Name, out var change) ? RuleWording.Change(rule, change) : rule)];
        return (rules, [.. changes.Keys.Order(StringComparer.Ordinal)]);
    }

    /// <summary>The rules in PromQL, and why a rule, or one severity of it, is missing.</summary>
    public static (IReadOnlyList<AlertingRule> Rules, IReadOnlyList<(string Rule, string Reason)> Missing) From(IEnumerable<AlertRule> rules)
    {
        var said = new List<AlertingRule>();
        var missing = new List<(string, string)>();
        foreach (var rule in rules)
        {
            if (!rule.IsEnabled)
            {
                missing.Add((rule.Name, "it is switched off"));
            }
            else if (!RuleTemplate.All.TryGetValue(rule.Name, out var template))
            {
                missing.Add((rule.Name, "it has no expression over exported metrics"));
            }
            else if (rule.Instances is not null && template.Label is null)
            {
                missing.Add((rule.Name, "the settings name instances that it is to watch, and it has none"));
            }
            else
            {
                Say(rule, template, said, missing);
            }
        }

        return (said, missing);
    }

    /// <summary>A severity as a label has it.</summary>
    public static string NameOf(AlertSeverity severity) => severity == AlertSeverity.Critical ? "critical" : "warning";

    private static void Say(AlertRule rule, RuleTemplate template, List<AlertingRule> said, List<(string, string)> missing)
    {
        foreach (var severity in Enum.GetValues<AlertSeverity>())
        {
            var threshold = rule.Thresholds(default)[(AlertLevel)severity];
            if (!double.IsFinite(threshold))
            {
                missing.Add((rule.Name, $"it is never {(severity == AlertSeverity.Critical ? "critical" : "a warning")}"));
                continue;
            }

            // What is bounded by one breaches at a share of it; the limit of a burn rate is something else.
            var share = rule.Kind == RuleKinds.BurnRate ? threshold : rule.Thresholds(new MetricReading(rule.Metric, 0) { Limit = 1 })[(AlertLevel)severity];
            var parameters = new RuleParameters(
                Number(threshold / template.Scale), share < threshold ? Number(share) : null, rule.MinimumCount, Selector(template.Label, rule.Instances), (AlertLevel)severity);
            var quantity = rule.Unit.Length > 0 ? AlertText.Quantity(threshold, rule.Unit) : Number(threshold);
            var orShare = parameters.Share is null ? "" : $" or {Number(100 * share)} % of the capacity, whichever is lower";
            said.Add(new AlertingRule(
                rule, severity, template.Expression(parameters), template.Summary,
                $"{template.Measure} is {{{{ $value | {template.Format} }}}}; the {NameOf(severity)} threshold is {quantity}{orShare}."));
        }
    }

    // RE2's regular expression, which Prometheus anchors, within a string of PromQL: each wants a backslash of its own.
    private static string Selector(string? label, IReadOnlySet<string>? instances)
    {
        if (instances is null)
        {
            return "";
        }

        var names = instances.Order(StringComparer.Ordinal).Select(static name => string.Concat(name.Select(static c => c switch
        {
            '\n' => "\\n",
            '"' => "\\\\\\\"",
            '\\' => "\\\\\\\\",
            _ when char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c)) => $"\\\\{c}",
            _ => c.ToString(),
        })));
        return $"{{{label}=~\"{string.Join('|', names)}\"}}";
    }

    // As a person would write it: 0.15, not the binary fraction that a subtraction before left.
    private static string Number(double value) => Math.Round(value, 9).ToString(CultureInfo.InvariantCulture);
}
