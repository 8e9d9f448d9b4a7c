using System.Collections.Frozen;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>What options say of a rule, and how a rule is said.</summary>
internal static class RuleWording
{
    /// <summary>What may stand between braces in a message.</summary>
    public static readonly string[] Placeholders = ["rule", "instance", "value", "threshold", "severity", "text"];

    public static string Subject(string name, in MetricReading reading) => reading.Instance is null ? name : $"{name} {AlertText.Name(reading.Instance)}";

    public static string Name(AlertLevel level) => level == AlertLevel.Critical ? "critical" : "warning";

    public static ThresholdPair Thresholds(AlertRuleOptions o, AlertComparison comparison = AlertComparison.Above) =>
        new(o.Warning ?? ThresholdPair.Never, o.Critical ?? ThresholdPair.Never, Comparison(o.Comparison) ?? comparison);

    public static AlertComparison? Comparison(string? text) => text switch
    {
        "above" => AlertComparison.Above,
        "below" => AlertComparison.Below,
        "equal" => AlertComparison.Equal,
        _ => null,
    };

    /// <summary>A rule with what options set of it.</summary>
    public static AlertRule Change(AlertRule rule, AlertRuleOptions o)
    {
        var changed = rule with
        {
            IsEnabled = o.Enabled,
            Category = o.Category ?? rule.Category,
            Unit = o.Unit ?? rule.Unit,
            For = o.For ?? rule.For,
            KeepFiringFor = o.KeepFiringFor ?? rule.KeepFiringFor,
            NoData = o.NoData ?? rule.NoData,
            Labels = o.Labels.Count > 0 ? o.Labels.ToFrozenDictionary(StringComparer.Ordinal) : rule.Labels,
            Runbook = o.Runbook ?? rule.Runbook,
            MinimumCount = o.MinimumCount ?? rule.MinimumCount,
            Instances = o.Instances.Count > 0 ? o.Instances.ToFrozenSet(StringComparer.Ordinal) : rule.Instances,
        };
        if (rule.Origin == "default" && (o.Warning is not null || o.Critical is not null))
        {
            var (before, warning, critical) = (rule.Thresholds, o.Warning, o.Critical);
            changed = changed with
            {
                Thresholds = reading => before(reading) is var was ? was with { Warning = warning ?? was.Warning, Critical = critical ?? was.Critical } : was,
            };
        }

        return changed with
        {
            Sentence = Template(o) ?? changed.Sentence,
            Condition = rule.Kind == RuleKinds.Code ? rule.Condition : Condition(changed),
        };
    }

    /// <summary>When a rule warns and turns critical.</summary>
    public static string Condition(AlertRule rule)
    {
        if (rule.Kind == RuleKinds.BurnRate)
        {
            return rule.Condition;
        }

        var thresholds = rule.Thresholds(default);
        var side = thresholds.Comparison switch { AlertComparison.Above => "at or above", AlertComparison.Below => "at or below", _ => "equal to" };
        var levels = new List<string>();
        foreach (var level in new[] { AlertLevel.Warning, AlertLevel.Critical })
        {
            if (double.IsFinite(thresholds[level]))
            {
                levels.Add($"{side} {AlertText.Quantity(thresholds[level], rule.Unit)} ({Name(level)})");
            }
        }

        return $"{rule.Metric} {string.Join(", ", levels)}{(rule.MinimumCount > 1 ? $", of at least {rule.MinimumCount}" : "")}.";
    }

    /// <summary>When an error budget burns too fast.</summary>
    public static string Burn(AlertRuleOptions o, BurnPair[] pairs)
    {
        return $"{o.Metric}{(o.Total is null ? "" : $" of {o.Total}")} burns the error budget of {AlertText.Quantity(o.Objective!.Value, "%")}: {Burn(pairs)}.";
    }

    /// <summary>What is too fast over which windows.</summary>
    public static string Burn(BurnPair[] pairs) =>
        string.Join(", ", pairs.Select(static pair => $"{AlertText.Quantity(pair.Factor, "×")} over {AlertText.Duration(pair.Long)} and {AlertText.Duration(pair.Short)} ({Name(pair.Level)})"));

    /// <summary>The texts that a state breaches by.</summary>
    public static string Texts(AlertRuleOptions o) => string.Join(", ", new[]
    {
        o.WarningText is null ? null : $"'{o.WarningText}' (warning)",
        o.CriticalText is null ? null : $"'{o.CriticalText}' (critical)",
    }.OfType<string>());

    /// <summary>A sentence for what has no better one.</summary>
    public static Func<AlertRule, MetricReading, AlertLevel, string> Plain(string name, string what, ThresholdPair thresholds) => (rule, reading, level) =>
    {
        var threshold = $"the {Name(level)} threshold of {AlertText.Quantity(thresholds[level], rule.Unit)}";
        var value = $"{Subject(name, reading)}: {what} is {AlertText.Quantity(reading.Value, rule.Unit)}";
        return thresholds.IsBreached(reading.Value, level)
            ? $"{value}; the {Name(level)} threshold is {AlertText.Quantity(thresholds[level], rule.Unit)}."
            : $"{value}, back {(thresholds.Comparison == AlertComparison.Below ? "above" : "below")} {threshold}.";
    };

    /// <summary>The message that options give in place of the default one; null when they do not.</summary>
    public static Func<AlertRule, MetricReading, AlertLevel, string>? Template(AlertRuleOptions o)
    {
        if (o.Message is not { } template)
        {
            return null;
        }

        return (rule, reading, level) => template
            .Replace("{rule}", rule.Name, StringComparison.Ordinal)
            .Replace("{instance}", reading.Instance is null ? "" : AlertText.Name(reading.Instance), StringComparison.Ordinal)
            .Replace("{value}", AlertText.Quantity(reading.Value, rule.Unit), StringComparison.Ordinal)
            .Replace("{threshold}", AlertText.Quantity(rule.Thresholds(reading)[level], rule.Unit), StringComparison.Ordinal)
            .Replace("{severity}", Name(level), StringComparison.Ordinal)
            .Replace("{text}", reading.Text is null ? "" : AlertText.Name(reading.Text), StringComparison.Ordinal);
    }
}
