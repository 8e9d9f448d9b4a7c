using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;
using Monitoring.TestSupport;

namespace Monitoring.Documentation.Tests;

/// <summary>docs/notifiers.md lists every key of every channel with its default, and no key that does not exist.</summary>
public sealed partial class NotifierOptionsTests
{
    private static readonly (string Section, AlertChannelOptions Options)[] Channels =
    [
        ("Log", new LogNotifierOptions()),
        ("Console", new ConsoleNotifierOptions()),
        ("Email", new EmailNotifierOptions()),
        ("Slack", new SlackNotifierOptions()),
        ("Webhook", new WebhookNotifierOptions()),
        ("Alertmanager", new AlertmanagerNotifierOptions()),
    ];

    [Fact]
    public void The_documentation_lists_every_key_with_its_default()
    {
        var common = DefaultsOf(new AlertChannelOptions());
        var code = common.Select(static option => ($"any:{option.Key}", option.Value)).Concat(
            from channel in Channels
            from option in DefaultsOf(channel.Options)
            where !common.TryGetValue(option.Key, out var value) || value != option.Value
            select ($"{channel.Section}:{option.Key}", option.Value));
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "notifiers.md"));
        var documented = Row().Matches(text).Select(static match => (match.Groups[1].Value, match.Groups[2].Value));

        documented.Should().BeEquivalentTo(code);
    }

    [Fact]
    public void Every_kind_of_notifier_is_on_the_list() =>
        typeof(NotifierOptions).Assembly.GetExportedTypes().Where(static type => type.IsSubclassOf(typeof(NotifierOptions)) && !type.IsAbstract)
            .Should().BeEquivalentTo(Channels.Select(static channel => channel.Options.GetType()));

    private static Dictionary<string, string> DefaultsOf(AlertChannelOptions options) =>
        options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite || property.GetValue(options) is IEnumerable)
            .ToDictionary(static property => property.Name, property => ConfigurationTests.Text(property.GetValue(options)));

    [GeneratedRegex(@"^\| `((?:any|Log|Console|Email|Slack|Webhook|Alertmanager):\w+)` \| `?([^|`]+?)`? \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
