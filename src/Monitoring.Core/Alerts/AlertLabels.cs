using System.Text.Json;

namespace Monitoring.Alerts;

/// <summary>
/// The labels of an alert, by which it is grouped, matched and known elsewhere. Every alert has <c>alertname</c>,
/// <c>category</c>, <c>severity</c>, <c>key</c> and <c>metric</c>, one of many has <c>instance</c>, and its rule's labels come
/// beside them; these names are taken, so that a rule cannot make its alerts pass for others. Enums are in camelCase, as
/// in notices.
/// </summary>
internal static class AlertLabels
{
    public const string AlertName = "alertname";
    public const string Instance = "instance";
    public const string Category = "category";
    public const string Severity = "severity";
    public const string Key = "key";
    public const string Metric = "metric";

    private static readonly string?[] CategoryNames = NamesOf<AlertCategory>();
    private static readonly string?[] SeverityNames = NamesOf<AlertSeverity>();

    /// <summary>All values of <see cref="Category"/>.</summary>
    public static IEnumerable<string> Categories => CategoryNames.OfType<string>();

    /// <summary>All values of <see cref="Severity"/>.</summary>
    public static IEnumerable<string> Severities => SeverityNames.OfType<string>();

    /// <summary>The value of one label; empty when the alert does not have it. Allocates nothing.</summary>
    public static string Get(Alert alert, string label) => label switch
    {
        AlertName => alert.Rule,
        Instance => alert.Instance ?? "",
        Category => Name(CategoryNames, (int)alert.Category),
        Severity => Name(SeverityNames, (int)alert.Severity),
        Key => alert.Key,
        Metric => alert.Metric,
        _ => alert.Labels.TryGetValue(label, out var value) ? value : "",
    };

    /// <summary>All labels that have a value, by name.</summary>
    public static SortedDictionary<string, string> Of(Alert alert)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in alert.Labels.Keys.Concat([AlertName, Instance, Category, Severity, Key, Metric]))
        {
            if (Get(alert, name) is { Length: > 0 } value)
            {
                labels[name] = value;
            }
        }

        return labels;
    }

    /// <summary>The labels of a rule and of a series that it watches; where both have one, the rule's.</summary>
    public static IReadOnlyDictionary<string, string> Join(IReadOnlyDictionary<string, string> ofRule, IReadOnlyDictionary<string, string>? ofSeries)
    {
        if (ofSeries is null or { Count: 0 })
        {
            return ofRule;
        }

        var labels = new Dictionary<string, string>(ofSeries, StringComparer.Ordinal);
        foreach (var (name, value) in ofRule)
        {
            labels[name] = value;
        }

        return labels.AsReadOnly();
    }

    private static string?[] NamesOf<T>()
        where T : struct, Enum
    {
        var names = new string?[Enum.GetValues<T>().Max(static value => Convert.ToInt32(value, null)) + 1];
        foreach (var value in Enum.GetValues<T>())
        {
            names[Convert.ToInt32(value, null)] = JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
        }

        return names;
    }

    private static string Name(string?[] names, int value) => value >= 0 && value < names.Length ? names[value] ?? "" : "";
}
