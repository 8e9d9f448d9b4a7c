using System.Text.RegularExpressions;

namespace Monitoring.Alerts.Suppression;

/// <summary>Matchers that must all match, compiled. Immutable; allocates nothing to match.</summary>
internal sealed class MatcherSet
{
    // What a broad matcher lets pass: the rest of the world, as far as a few names can stand for it.
    private static readonly string[] Strangers = ["a", "z-9", "Zz_0.x", "unlikely-rule-name-7f3a", "0"];

    private readonly (LabelMatcher Matcher, Regex? Expression)[] _matchers;

    /// <summary>Compiles matchers that <see cref="LabelMatcher.Check"/> finds nothing wrong with.</summary>
    public MatcherSet(IEnumerable<LabelMatcher> matchers)
    {
        // Comparing texts is cheaper than an expression, and mostly decides.
        _matchers =
        [
            .. matchers.OrderBy(static matcher => matcher.IsRegex)
                .Select(static matcher => (matcher, matcher.IsRegex && matcher.TryCompile(out var expression) ? expression : null)),
        ];
        AlertName = Array.Find(_matchers, static one => one.Matcher is { Label: AlertLabels.AlertName, IsRegex: false, IsEqual: true }).Matcher?.Value;
    }

    /// <summary>The only rule whose alerts can match; null when that is not said.</summary>
    public string? AlertName { get; }

    /// <summary>
    /// Whether it says what to leave out at most, and not what is meant: each matcher matches values that nobody thought of.
    /// </summary>
    public bool IsBroad => Array.TrueForAll(_matchers, static one => LetsStrangersPass(one.Matcher, one.Expression));

    public bool Matches(Alert alert)
    {
        foreach (var (matcher, expression) in _matchers)
        {
            if (!Matches(matcher, expression, AlertLabels.Get(alert, matcher.Label)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Matches(LabelMatcher matcher, Regex? expression, string value) =>
        (expression?.IsMatch(value) ?? string.Equals(value, matcher.Value, StringComparison.Ordinal)) == matcher.IsEqual;

    private static bool LetsStrangersPass(LabelMatcher matcher, Regex? expression)
    {
        IEnumerable<string> values = matcher.Label switch
        {
            AlertLabels.Category => AlertLabels.Categories,
            AlertLabels.Severity => AlertLabels.Severities,
            AlertLabels.AlertName or AlertLabels.Key or AlertLabels.Metric => Strangers,
            _ => [.. Strangers, ""],
        };
        return values.All(value => Matches(matcher, expression, value));
    }
}
