using System.Reflection;
using System.Text.RegularExpressions;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Documentation.Tests;

/// <summary>docs/logs.md lists every event with its id, level and fields, as the code logs it, and none that does not exist.</summary>
public sealed partial class LogsTests
{
    [Fact]
    public void The_documentation_lists_every_event_with_its_level_and_fields()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "logs.md"));
        var documented = Row().Matches(text).Select(static match => $"{match.Groups[1].Value} {match.Groups[2].Value} ({match.Groups[3].Value}): {match.Groups[4].Value}");

        var logged = Logged();
        var expected = typeof(EventIds).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => $"{field.GetRawConstantValue()} {field.Name} {logged.GetValueOrDefault(field.Name, "is nowhere logged")}");
        documented.Should().BeEquivalentTo(expected);
    }

    [Fact]
    public void No_two_events_share_an_id()
    {
        typeof(EventIds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (int)field.GetRawConstantValue()!).Should().OnlyHaveUniqueItems();
    }

    // By the name of the event: its level and the names in its message.
    private static Dictionary<string, string> Logged()
    {
        var events = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories))
        {
            var code = File.ReadAllText(file);
            foreach (var match in Generated().Matches(code).Concat(ByHand().Matches(code)))
            {
                var fields = Field().Matches(match.Groups["message"].Value).Select(static field => $"`{field.Groups[1].Value}`").ToList();
                var level = match.Groups["level"] is { Success: true } fixedLevel ? fixedLevel.Value : "Warning or Error";
                events[match.Groups["id"].Value] = $"({level}): {(fields.Count > 0 ? string.Join(", ", fields) : "–")}";
            }
        }

        return events;
    }

    [GeneratedRegex(@"^\| (\d+) \| `(\w+)` \| ([\w ]+) \| ([^|]+) \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("""\[LoggerMessage\(EventId = EventIds\.(?<id>\w+),\s*(?:Level = LogLevel\.(?<level>\w+),\s*)?Message =\s*"(?<message>(?:[^"\\]|\\.)*)"\)\]""")]
    private static partial Regex Generated();

    [GeneratedRegex("""LogLevel\.(?<level>\w+),\s*new EventId\(EventIds\.(?<id>\w+), nameof\(\w+\)\),\s*"(?<message>(?:[^"\\]|\\.)*)"\)""")]
    private static partial Regex ByHand();

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Field();
}
