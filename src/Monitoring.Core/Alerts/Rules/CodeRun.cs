using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>A rule of the host's own code. Its sentence and its threshold come with each finding, in the reading's text and limit.</summary>
internal sealed class CodeRun(AlertRule rule, IAlertRule code, IAlertReadings readings) : RuleRun(rule)
{
    private const int MaxFindings = 10_000;
    private const int MaxUnits = 16;

    // A unit belongs to a finding; who watches an alert asks its rule.
    private readonly Dictionary<string, AlertRule> _byUnit = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>What a rule in code is, but for what options change of it.</summary>
    public static AlertRule Describe(IAlertRule code, AlertOptions options) => new(code.Name, code.Category, "")
    {
        Kind = RuleKinds.Code,
        Origin = "code",
        For = options.For,
        KeepFiringFor = options.KeepFiringFor,
        Condition = $"What {code.GetType().Name} says.",
        Describe = static reading => reading.Text ?? "",
        Sentence = static (_, reading, _) => reading.Text ?? "",
        Thresholds = static reading => new ThresholdPair(reading.Limit ?? ThresholdPair.Never, reading.Limit ?? ThresholdPair.Never),
    };

    protected override string? Observe(long second, List<Observation> observations)
    {
        _seen.Clear();
        foreach (var finding in code.Evaluate(readings) ?? [])
        {
            if (_seen.Count >= MaxFindings)
            {
                return $"Only {MaxFindings} findings are looked at.";
            }

            if (finding is not null && _seen.Add(SeriesKey.Of(finding.Instance)) && Rule.Watches(finding.Instance))
            {
                var level = finding.Severity is { } severity ? (AlertLevel)severity : AlertLevel.None;
                var reading = new MetricReading(Rule.Metric, finding.Value, finding.Instance) { Limit = finding.Threshold, Text = finding.Message, Context = finding.Context };
                observations.Add(new Observation(WithUnit(finding.Unit), reading, level, level, level > AlertLevel.None));
            }
        }

        return null;
    }

    private AlertRule WithUnit(string unit)
    {
        if (!_byUnit.TryGetValue(unit, out var rule))
        {
            rule = Rule with { Unit = unit };
            if (_byUnit.Count < MaxUnits)
            {
                _byUnit[unit] = rule;
            }
        }

        return rule;
    }
}
