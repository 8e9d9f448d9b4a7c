using Monitoring.Alerts.Rules.Instruments;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>Makes rules out of valid options: the default ones, changed by what bears their name, and those of the host's own.</summary>
internal sealed class RuleBuilder(AlertOptions options, IReadOnlyList<IAlertRule> code, IAlertReadings readings, OperandPool pool, long second)
{
    /// <summary>Fewer calls than these are no percentile while the process warms up.</summary>
    public const int WarmUpCount = 20;

    private readonly RuleWindows _windows = new(options.RecoveryWindow, options.Window) { WarmUpCount = WarmUpCount };
    private readonly AlertRule[] _defaults = DefaultAlertRules.From(options);

    /// <summary>Names of the default rules, which no rule of the host's own may have.</summary>
    public static IReadOnlySet<string> DefaultNames { get; } =
        DefaultAlertRules.From(new AlertOptions()).Select(static rule => rule.Name).ToHashSet(StringComparer.Ordinal);

    public RuleRun[] Build()
    {
        var changes = options.Rules.ToDictionary(static rule => rule.Name, StringComparer.Ordinal);
        var runs = new Dictionary<string, RuleRun>(StringComparer.Ordinal);
        foreach (var rule in _defaults)
        {
            var changed = changes.Remove(rule.Name, out var change) ? RuleWording.Change(rule, change) : rule with { Condition = RuleWording.Condition(rule) };
            runs.Add(rule.Name, rule.Kind == RuleKinds.BurnRate
                ? new BurnRateRun(changed, Read(changed.Metric, new Statistic(StatisticKind.Total), [], []), null, null, BurnPair.Defaults, countsFromZero: false)
                : new ThresholdRun(changed, Read(changed.Metric, default, [], []), WindowsOf(change)));
        }

        foreach (var rule in code)
        {
            if (!runs.ContainsKey(rule.Name) && changes.GetValueOrDefault(rule.Name) is null or { Kind: RuleKinds.Code })
            {
                var own = CodeRun.Describe(rule, options);
                runs.Add(rule.Name, new CodeRun(changes.Remove(rule.Name, out var change) ? RuleWording.Change(own, change) : own, rule, readings));
            }
        }

        foreach (var (name, change) in changes)
        {
            if (change.Kind != RuleKinds.Code)
            {
                runs.Add(name, Own(change));
            }
        }

        return [.. runs.Values];
    }

    // Who says how many observations are enough means it from the start.
    private RuleWindows WindowsOf(AlertRuleOptions? o)
    {
        var window = o?.Window ?? _windows.Long;
        return new RuleWindows(window < _windows.Short ? window : _windows.Short, window) { WarmUpCount = o?.MinimumCount is null ? WarmUpCount : 0 };
    }

    private Operand Read(string source, Statistic statistic, IEnumerable<KeyValuePair<string, string>> tags, IEnumerable<string> by) => pool.Get(source, statistic, tags, by);

    private RuleRun Own(AlertRuleOptions o) => o.Kind switch
    {
        RuleKinds.Ratio => Ratio(o),
        RuleKinds.Absence => Absence(o),
        RuleKinds.Rate => Rate(o),
        RuleKinds.BurnRate => BurnRate(o),
        RuleKinds.State => State(o),
        _ => Threshold(o),
    };

    private ThresholdRun Threshold(AlertRuleOptions o)
    {
        var operand = Read(o.Metric!, Statistic.Parse(o.Statistic) ?? default, o.Tags, o.By);
        var thresholds = RuleWording.Thresholds(o);
        if (Known(o) is { } known)
        {
            // A rule of the host's own about what a default rule is about says it in the same words.
            var same = known with { Name = o.Name, Origin = "configuration", Thresholds = _ => thresholds };
            return new ThresholdRun(RuleWording.Change(same, o), operand, WindowsOf(o));
        }

        var what = o.Statistic is null ? o.Metric! : $"{o.Statistic} of {o.Metric}";
        return new ThresholdRun(New(o, thresholds, what) with { Windowed = true, MinimumCount = o.MinimumCount ?? 0 }, operand, WindowsOf(o));
    }

    private ThresholdRun Ratio(AlertRuleOptions o)
    {
        var part = new Statistic(StatisticKind.Part);
        var operand = pool.Get(new RatioOperand(Read(o.Metric!, part, o.Tags, o.By), Read(o.Total!, part, o.TotalTags, o.By)));
        var rule = New(o, RuleWording.Thresholds(o), $"{o.Metric} of {o.Total}", "%") with { Windowed = true, MinimumCount = o.MinimumCount ?? 1 };
        return new ThresholdRun(rule, operand, WindowsOf(o));
    }

    private ThresholdRun Rate(AlertRuleOptions o)
    {
        var inner = Read(o.Metric!, new Statistic(StatisticKind.Total), o.Tags, o.By);
        var operand = pool.Get(new RateOperand(inner, o.Window ?? options.Window, o.Per, o.Cumulative, options.RecoveryWindow));
        return new ThresholdRun(New(o, RuleWording.Thresholds(o), $"change of {o.Metric} per {RateOperand.Span(o.Per)}"), operand, WindowsOf(o));
    }

    private ThresholdRun State(AlertRuleOptions o)
    {
        var operand = Read(o.Metric!, new Statistic(StatisticKind.Last), o.Tags, o.By);
        var thresholds = RuleWording.Thresholds(o, AlertComparison.Equal);
        var byText = o.WarningText is not null || o.CriticalText is not null;
        if (byText)
        {
            operand = pool.Get(new TextOperand(operand, o.WarningText, o.CriticalText));
            thresholds = new ThresholdPair(1, 2);
        }

        var rule = New(o, thresholds, o.Metric!) with { Hysteresis = 0 };
        return new ThresholdRun(
            rule with
            {
                Sentence = RuleWording.Template(o) ?? ((rule, reading, _) => $"{RuleWording.Subject(o.Name, reading)}: {o.Metric} is {reading.Text?.TrimEnd('.') ?? AlertText.Quantity(reading.Value, rule.Unit)}."),
                Condition = byText ? $"{o.Metric} is {RuleWording.Texts(o)}." : rule.Condition,
            },
            operand,
            WindowsOf(o));
    }

    private AbsenceRun Absence(AlertRuleOptions o)
    {
        var thresholds = RuleWording.Thresholds(o);
        var isCounted = Known(o)?.Windowed == true || OperandPool.TrySplit(o.Metric!, out _, out _);
        var rule = New(o, thresholds, $"time without data of {o.Metric}", "s") with
        {
            Hysteresis = 0,
            MinimumCount = o.MinimumCount ?? (isCounted ? 1 : 0),
            Sentence = RuleWording.Template(o) ?? ((_, reading, level) => thresholds.IsBreached(reading.Value, level)
                ? $"{RuleWording.Subject(o.Name, reading)}: {o.Metric} has given no data for {Seconds(reading.Value)}; the {RuleWording.Name(level)} threshold is {Seconds(thresholds[level])}."
                : $"{RuleWording.Subject(o.Name, reading)}: {o.Metric} gives data again."),
        };
        return new AbsenceRun(rule, Read(o.Metric!, Statistic.Parse(o.Statistic) ?? default, o.Tags, o.By), o.Window ?? options.RecoveryWindow, second);

        static string Seconds(double seconds) => AlertText.Duration(TimeSpan.FromSeconds(seconds));
    }

    private BurnRateRun BurnRate(AlertRuleOptions o)
    {
        var counts = new Statistic(StatisticKind.Total);
        var bad = Read(o.Metric!, counts, o.Tags, o.By);
        var total = o.Total is null ? null : Read(o.Total, counts, o.TotalTags, o.By);
        var pairs = BurnPair.From(o.BurnWindows);
        var rule = New(o, default, o.Metric!, "×") with
        {
            MinimumCount = o.MinimumCount ?? 100,
            Thresholds = static reading => new ThresholdPair(reading.Limit ?? ThresholdPair.Never, reading.Limit ?? ThresholdPair.Never),
            Condition = RuleWording.Burn(o, pairs),
            Sentence = RuleWording.Template(o) ?? ((_, reading, level) =>
                $"{RuleWording.Subject(o.Name, reading)}: the error budget of {AlertText.Quantity(o.Objective!.Value, "%")} burns {AlertText.Quantity(reading.Value, "×")} as fast as it may over {reading.Text}"
                + (reading.Value >= reading.Limit ? $"; {AlertText.Quantity(reading.Limit ?? 0, "×")} is {RuleWording.Name(level)}." : ".")),
        };
        return new BurnRateRun(rule, bad, total, o.Objective!.Value, pairs, OperandPool.TrySplit(o.Metric!, out _, out _));
    }

    private AlertRule? Known(AlertRuleOptions o) => Array.Find(_defaults, rule => rule.Metric == o.Metric);

    // What all rules of the host's own have in common.
    private AlertRule New(AlertRuleOptions o, ThresholdPair thresholds, string what, string? unit = null)
    {
        var known = Known(o);
        var rule = new AlertRule(o.Name, known?.Category ?? AlertCategory.Application, o.Unit ?? unit ?? (o.Kind is RuleKinds.Threshold or RuleKinds.State ? known?.Unit : null) ?? "")
        {
            Kind = o.Kind,
            Origin = "configuration",
            Metric = o.Metric!,
            For = options.For,
            KeepFiringFor = options.KeepFiringFor,
            Hysteresis = options.HysteresisPercent / 100,
            Describe = reading => $"{RuleWording.Subject(o.Name, reading)}: {what} is {AlertText.Quantity(reading.Value, "")}",
            Thresholds = _ => thresholds,
        };
        return RuleWording.Change(rule with { Sentence = RuleWording.Plain(o.Name, what, thresholds) }, o);
    }
}
