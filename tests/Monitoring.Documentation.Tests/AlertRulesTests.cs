using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Documentation.Tests;

/// <summary>docs/alerts.md lists every default rule with its thresholds, and every key of a rule.</summary>
public sealed partial class AlertRulesTests
{
    // The section about rules: other sections have tables of their own.
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "alerts.md")).Split("\n## ").Single(section => section.StartsWith("Rules\n", StringComparison.Ordinal));

    [Fact]
    public void The_documentation_lists_every_default_rule_with_its_condition()
    {
        using var alerts = new AlertManager(TimeProvider.System, new AlertOptions(), [], [], new InternalErrors(NullLogger.Instance, TimeProvider.System));
        var documented = RuleRow().Matches(Text).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

        documented.Should().BeEquivalentTo(alerts.GetRules().Select(rule => (rule.Name, rule.Condition)));
    }

    [Fact]
    public void The_documentation_lists_every_key_of_a_rule()
    {
        var documented = KeyRow().Matches(Text).SelectMany(match => Code().Matches(match.Groups[1].Value)).Select(match => match.Groups[1].Value);

        documented.Should().BeEquivalentTo(typeof(AlertRuleOptions).GetProperties().Select(property => property.Name));
    }

    [GeneratedRegex(@"^\| `([a-z-]+)` \| ([^|]+) \| [^|]+ \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex RuleRow();

    [GeneratedRegex(@"^\| (`[A-Z][A-Za-z]+`(?:, `[A-Z][A-Za-z]+`)*) \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex KeyRow();

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Code();
}
