using Monitoring.Alerts.Suppression;
using Monitoring.Validation;

namespace Monitoring.Alerts;

/// <summary>Says that some alerts explain others, which are therefore kept quiet as long as those are active and a little beyond.</summary>
public sealed class AlertInhibitionOptions
{
    /// <summary>The alerts that explain, each matcher written like <c>alertname=circuit-state</c> (<see cref="LabelMatcher"/>); all must match. 1 to 20.</summary>
    public IList<string> Source { get; } = [];

    /// <summary>The alerts that are explained, written like <see cref="Source"/>. 1 to 20. Never one that is more severe than what explains it.</summary>
    public IList<string> Target { get; } = [];

    /// <summary>Labels that both must have alike, such as <c>instance</c>. Default empty.</summary>
    public IList<string> Equal { get; } = [];

    internal void Validate(OptionsErrors errors)
    {
        MatcherTexts.Validate(errors, nameof(Source), Source, least: 1);
        MatcherTexts.Validate(errors, nameof(Target), Target, least: 1);
        errors.Require(Equal.All(static label => label is { Length: >= 1 and <= 100 }) && Equal.Count <= 20, nameof(Equal), string.Join(", ", Equal), "at most 20 names of labels");
    }
}
