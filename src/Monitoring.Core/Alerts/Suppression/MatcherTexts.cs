using Monitoring.Validation;

namespace Monitoring.Alerts.Suppression;

/// <summary>Matchers as they are written in settings.</summary>
internal static class MatcherTexts
{
    private const int Most = 20;

    public static void Validate(OptionsErrors errors, string key, IList<string> texts, int least)
    {
        errors.Require(texts.Count >= least && texts.Count <= Most, key, $"{texts.Count} matchers", $"{least} to {Most}");
        for (var i = 0; i < texts.Count; i++)
        {
            var problem = LabelMatcher.TryParse(texts[i], out var matcher) ? matcher.Check() : $"allowed: {LabelMatcher.Notation}";
            errors.Require(problem is null, $"{key}:{i}", texts[i], problem?.Replace("allowed: ", "", StringComparison.Ordinal) ?? "");
        }
    }

    /// <summary>Compiles valid texts.</summary>
    public static MatcherSet Compile(IEnumerable<string> texts) =>
        new(texts.Select(static text => LabelMatcher.TryParse(text, out var matcher) ? matcher : throw new ArgumentException($"'{text}' is no matcher; allowed: {LabelMatcher.Notation}.", nameof(texts))));
}
