using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Monitoring.AspNetCore;
using Monitoring.TestSupport;

namespace Monitoring.Documentation.Tests;

/// <summary>docs/configuration.md lists every key with its default, and no key that does not exist.</summary>
public sealed partial class ConfigurationTests
{
    [Fact]
    public void The_documentation_lists_every_key_with_its_default()
    {
        var code = Keys("Monitoring", new MonitoringOptions()).Concat(Keys("Monitoring:Api", new MonitoringApiOptions()));
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        var documented = Row().Matches(text).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

        documented.Should().BeEquivalentTo(code);
    }

    private static IEnumerable<(string Key, string Default)> Keys(string section, object options) =>
        options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)
            .SelectMany(property => KeysOf($"{section}:{property.Name}", property, property.GetValue(options)));

    private static IEnumerable<(string Key, string Default)> KeysOf(string key, PropertyInfo property, object? value)
    {
        if (value is not null && value is not IEnumerable && value.GetType().Assembly.GetName().Name!.StartsWith("Monitoring", StringComparison.Ordinal) && !value.GetType().IsEnum)
        {
            return Keys(key, value);
        }

        return property.CanWrite || value is IList or IDictionary ? [(key, Text(value))] : [];
    }

    internal static string Text(object? value) => value switch
    {
        null or "" or ICollection { Count: 0 } => "–",
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    [GeneratedRegex(@"^\| `(Monitoring:[\w:]+)` \| `?([^|`]+?)`? \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
