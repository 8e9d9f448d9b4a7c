using System.Text.RegularExpressions;
using Monitoring.AspNetCore.Prometheus;

namespace Monitoring.AspNetCore.Tests.Prometheus;

/// <summary>What an expression asks for: which samples and which labels.</summary>
internal static partial class PromQl
{
    // What Prometheus itself adds to every series that it scrapes.
    private static readonly string[] OfTheTarget = ["job", "instance"];

    /// <summary>Fails unless every sample that an expression names is exported, with every label that it names.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="text">Text that names labels in braces (<c>{{endpoint}}</c>) or as a template does (<c>$labels.endpoint</c>).</param>
    public static void ShouldBeExported(string expression, string text)
    {
        var names = Name().Matches(expression).Select(match => match.Value).Distinct().ToList();
        var metrics = names.Select(name => Exposition.All.SingleOrDefault(metric => metric.SampleNames.Contains(name))).ToList();
        names.Should().NotBeEmpty("'{0}' has to ask for something", expression);
        metrics.Should().NotContainNulls("'{0}' asks for {1}", expression, string.Join(", ", names));

        var labels = metrics.SelectMany(metric => metric!.Type == MetricType.Histogram ? metric.Labels.Append("le") : metric.Labels).Concat(OfTheTarget).ToHashSet();
        var asked = Grouping().Matches(expression).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))
            .Concat(Matcher().Matches(expression).Select(match => match.Groups[1].Value))
            .Concat(Legend().Matches(text).Select(match => match.Groups[1].Value));
        asked.Should().BeSubsetOf(labels, "'{0}' and '{1}' may name only labels that there are", expression, text);
    }

    [GeneratedRegex("monitoring_[a-z0-9_]+")]
    private static partial Regex Name();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring) ?\(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex("""[{,]([a-z_]+)(?:=~|!~|!=|=)["]""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"(?:\{\{ ?|\$labels\.)([a-z]+)\b")]
    private static partial Regex Legend();
}
