using System.Globalization;
using System.Text.RegularExpressions;
using Monitoring.Alerts.Rules.Instruments;
using Monitoring.Validation;

namespace Monitoring.Alerts.Rules;

/// <summary>Says what is wrong with rules of options, each message naming the rule.</summary>
internal static partial class RuleOptionsValidation
{
    private const int MaxRules = 500;
    private static readonly string[] Reserved = ["alertname", "instance", "category", "severity", "key"];

    public static bool IsName(string? name) => name is { Length: >= 1 and <= 100 } && NamePattern().IsMatch(name);

    public static void Validate(AlertOptions options, OptionsErrors errors)
    {
        errors.Range($"{nameof(AlertOptions.Rules)}:Count", options.Rules.Count, 0, MaxRules);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            var section = errors.In($"{nameof(AlertOptions.Rules)}:{i} '{rule.Name}'");
            section.Require(IsName(rule.Name), nameof(rule.Name), rule.Name, "a-z, 0-9 and hyphens, 1 to 100 of them");
            section.Require(names.Add(rule.Name ?? ""), nameof(rule.Name), rule.Name, "each name once");
            Validate(rule, options, section);
        }
    }

    private static void Validate(AlertRuleOptions o, AlertOptions options, OptionsErrors errors)
    {
        ValidateCommon(o, errors);
        if (RuleBuilder.DefaultNames.Contains(o.Name ?? ""))
        {
            ValidateDefault(o, options, errors);
            return;
        }

        switch (o.Kind)
        {
            case RuleKinds.Threshold:
            case RuleKinds.Ratio:
            case RuleKinds.Rate:
            case RuleKinds.Absence:
                ValidateThresholds(o, errors);
                break;
            case RuleKinds.State:
                var byText = o.WarningText is not null || o.CriticalText is not null;
                errors.Require(byText || o.Warning is not null || o.Critical is not null, nameof(o.Warning), o.Warning, "a value for Warning or Critical, or a text for WarningText or CriticalText");
                errors.Require(!byText || (o.Warning is null && o.Critical is null), nameof(o.Warning), o.Warning ?? o.Critical, "values or texts, not both");
                break;
            case RuleKinds.BurnRate:
                ValidateBurnRate(o, errors);
                break;
            case RuleKinds.Code:
                errors.Require(o.Metric is null, nameof(o.Metric), o.Metric, "nothing for kind code, whose rule is an IAlertRule of that name");
                return;
            default:
                errors.Require(false, nameof(o.Kind), o.Kind, "threshold, ratio, absence, rate, burn-rate, state or code");
                return;
        }

        errors.Require(IsSource(o.Metric), nameof(o.Metric), o.Metric, $"a series such as {MetricCatalog.Names[1]}, or an instrument as meter/instrument; the monitor's own series are {string.Join(", ", MetricCatalog.Names)}");
        ValidateTotal(o, errors);
        ValidateStatistic(o, errors);
        ValidateWindow(o, options, errors);
    }

    private static void ValidateCommon(AlertRuleOptions o, OptionsErrors errors)
    {
        errors.Require(o.Comparison is null || RuleWording.Comparison(o.Comparison) is not null, nameof(o.Comparison), o.Comparison, "above, below or equal");
        errors.Range(nameof(o.For), o.For ?? default, TimeSpan.Zero, TimeSpan.FromDays(1));
        errors.Range(nameof(o.KeepFiringFor), o.KeepFiringFor ?? default, TimeSpan.Zero, TimeSpan.FromHours(1));
        errors.Range(nameof(o.MinimumCount), o.MinimumCount ?? 0, 0, 1_000_000_000);
        errors.Range(nameof(o.Per), o.Per, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        errors.Require(o.Runbook is null || (Uri.TryCreate(o.Runbook, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"), nameof(o.Runbook), o.Runbook, "an absolute http or https address");
        errors.Range($"{nameof(o.Labels)}:Count", o.Labels.Count, 0, 20);
        foreach (var (name, value) in o.Labels)
        {
            errors.Require(LabelPattern().IsMatch(name) && !Reserved.Contains(name), $"{nameof(o.Labels)}:{name}", value, $"names [a-zA-Z_][a-zA-Z0-9_]* but {string.Join(", ", Reserved)}");
            errors.Require(value is { Length: <= 200 }, $"{nameof(o.Labels)}:{name}", value, "a text of at most 200 characters");
        }

        errors.Require(o.Message is null or { Length: >= 1 and <= 1000 }, nameof(o.Message), o.Message, "1 to 1000 characters");
        foreach (Match placeholder in PlaceholderPattern().Matches(o.Message ?? ""))
        {
            errors.Require(RuleWording.Placeholders.Contains(placeholder.Groups[1].Value), nameof(o.Message), o.Message, $"the placeholders {string.Join(", ", RuleWording.Placeholders.Select(static name => $"{{{name}}}"))}");
        }
    }

    // What a default rule reads and how is its own matter.
    private static void ValidateDefault(AlertRuleOptions o, AlertOptions options, OptionsErrors errors)
    {
        const string Allowed = "nothing for a default rule: give a rule of your own another name";
        errors.Require(o.Kind == RuleKinds.Threshold, nameof(o.Kind), o.Kind, Allowed);
        errors.Require(o.Metric is null || o.Metric == o.Name, nameof(o.Metric), o.Metric, Allowed);
        errors.Require(o.Total is null, nameof(o.Total), o.Total, Allowed);
        errors.Require(o.Statistic is null, nameof(o.Statistic), o.Statistic, Allowed);
        errors.Require(o.Comparison is null, nameof(o.Comparison), o.Comparison, Allowed);
        errors.Require(o.Window is null, nameof(o.Window), o.Window, Allowed);
        errors.Require(o.Unit is null, nameof(o.Unit), o.Unit, Allowed);
        errors.Require(o.Warning is null || double.IsFinite(o.Warning.Value), nameof(o.Warning), o.Warning, "a number");
        errors.Require(o.Critical is null || double.IsFinite(o.Critical.Value), nameof(o.Critical), o.Critical, "a number");
        if (options.Thresholds is not null && (o.Warning is not null || o.Critical is not null))
        {
            var was = Array.Find(DefaultAlertRules.From(options), rule => rule.Name == o.Name)!.Thresholds(default);
            var critical = o.Critical ?? was.Critical;
            errors.Require(!((o.Warning ?? was.Warning) > critical), nameof(o.Warning), o.Warning ?? was.Warning, string.Create(CultureInfo.InvariantCulture, $"at most Critical, which is {critical}"));
        }
    }

    private static void ValidateThresholds(AlertRuleOptions o, OptionsErrors errors)
    {
        errors.Require(o.Warning is not null || o.Critical is not null, nameof(o.Warning), o.Warning, "a value for Warning, Critical or both");
        errors.Require(o.Warning is null || double.IsFinite(o.Warning.Value), nameof(o.Warning), o.Warning, "a number");
        errors.Require(o.Critical is null || double.IsFinite(o.Critical.Value), nameof(o.Critical), o.Critical, "a number");
        var isBelow = o.Comparison == "below";
        errors.Require(isBelow ? !(o.Warning < o.Critical) : !(o.Warning > o.Critical), nameof(o.Warning), o.Warning, string.Create(CultureInfo.InvariantCulture, $"{(isBelow ? "at least" : "at most")} Critical, which is {o.Critical}"));
        if (o.Kind == RuleKinds.Absence)
        {
            errors.Require(o.Comparison is null or "above", nameof(o.Comparison), o.Comparison, "above, for the value is the time without data");
            errors.Range(nameof(o.Warning), o.Warning ?? 1, 1, TimeSpan.FromDays(30).TotalSeconds);
            errors.Range(nameof(o.Critical), o.Critical ?? 1, 1, TimeSpan.FromDays(30).TotalSeconds);
        }
    }

    private static void ValidateBurnRate(AlertRuleOptions o, OptionsErrors errors)
    {
        errors.Require(o.Objective is >= 50 and <= 99.999, nameof(o.Objective), o.Objective, "50 to 99.999 percent");
        errors.Require(o.Warning is null && o.Critical is null, nameof(o.Warning), o.Warning ?? o.Critical, "nothing for burn-rate, whose thresholds are BurnWindows");
        errors.Require(o.Window is null, nameof(o.Window), o.Window, "nothing for burn-rate, whose windows are BurnWindows");
        errors.Range($"{nameof(o.BurnWindows)}:Count", o.BurnWindows.Count, 0, 6);
        for (var i = 0; i < o.BurnWindows.Count; i++)
        {
            var pair = o.BurnWindows[i];
            var section = errors.In($"{nameof(o.BurnWindows)}:{i}");
            section.Range(nameof(pair.Factor), pair.Factor, 0.1, 1000);
            section.Range(nameof(pair.Window), pair.Window, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
            section.Range(nameof(pair.ShortWindow), pair.ShortWindow, TimeSpan.FromSeconds(10), pair.Window > TimeSpan.FromSeconds(10) ? pair.Window : TimeSpan.FromSeconds(10));
            section.Require(pair.Severity is AlertSeverity.Warning or AlertSeverity.Critical, nameof(pair.Severity), pair.Severity, "Warning or Critical");
        }

        errors.Require(
            o.Total is null || o.Cumulative || (IsInstrument(o.Metric) && IsInstrument(o.Total)),
            nameof(o.Cumulative), o.Cumulative, "true, where Metric and Total are series of a source: both must be counts that only grow");
    }

    private static void ValidateTotal(AlertRuleOptions o, OptionsErrors errors)
    {
        switch (o.Kind)
        {
            case RuleKinds.Ratio:
                errors.Require(IsSource(o.Total), nameof(o.Total), o.Total, "what Metric is divided by: a series, or an instrument as meter/instrument");
                break;
            case RuleKinds.BurnRate:
                errors.Require(o.Total is null || IsSource(o.Total), nameof(o.Total), o.Total, "all events: a series, or an instrument as meter/instrument");
                errors.Require(o.Total is not null || !IsInstrument(o.Metric), nameof(o.Total), o.Total, "all events, where Metric is an instrument that counts the bad ones");
                break;
            default:
                errors.Require(o.Total is null, nameof(o.Total), o.Total, "nothing but for ratio and burn-rate");
                break;
        }
    }

    private static void ValidateStatistic(AlertRuleOptions o, OptionsErrors errors)
    {
        errors.Require(Statistic.Parse(o.Statistic) is not null, nameof(o.Statistic), o.Statistic, Statistic.Allowed);
        var hasStatistic = o.Kind is RuleKinds.Threshold or RuleKinds.Absence && IsInstrument(o.Metric);
        errors.Require(o.Statistic is null || hasStatistic, nameof(o.Statistic), o.Statistic, "nothing but for threshold and absence of an instrument");
        errors.Require(IsInstrument(o.Metric) || (o.Tags.Count == 0 && o.By.Count == 0), nameof(o.Tags), null, "tags of an instrument only; for a series of a source there is Instances");
    }

    private static void ValidateWindow(AlertRuleOptions o, AlertOptions options, OptionsErrors errors)
    {
        errors.Range(nameof(o.Window), o.Window ?? options.Window, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        errors.Require(o.Window is null || o.Window.Value.Ticks % TimeSpan.TicksPerSecond == 0, nameof(o.Window), o.Window, "whole seconds");
    }

    private static bool IsInstrument(string? source) => source?.Contains('/', StringComparison.Ordinal) == true;

    private static bool IsSource(string? source)
    {
        if (source is not { Length: >= 1 and <= 300 } || source.Any(static character => char.IsWhiteSpace(character) || char.IsControl(character)))
        {
            return false;
        }

        return !OperandPool.TrySplit(source, out var meter, out var instrument) || (meter.Length > 0 && instrument.Length > 0);
    }

    [GeneratedRegex("^[a-z0-9-]+$")]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"\{(\w*)\}")]
    private static partial Regex PlaceholderPattern();
}
