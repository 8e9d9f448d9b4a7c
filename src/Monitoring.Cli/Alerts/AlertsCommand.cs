using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Monitoring.Cli.Alerts;

/// <summary><c>monitoring alerts</c></summary>
internal static class AlertsCommand
{
    public static Command Create(Verb verb)
    {
        var list = new Option<string>("--list") { Description = "Which alerts: active, pending or resolved.", DefaultValueFactory = static _ => "active" };
        list.AcceptOnlyFromAmong("active", "pending", "resolved");
        var severity = new Option<string?>("--severity") { Description = "Only warning or critical ones." };
        var category = new Option<string?>("--category") { Description = "Only those of a category, such as redis or taskQueue." };
        var rule = new Option<string?>("--rule") { Description = "Only those of a rule." };
        var instance = new Option<string?>("--instance") { Description = "Only those of an instance, such as GET." };
        var text = new Option<string?>("--search", "-s") { Description = "Only those whose key, message or instance contain this." };
        var suppressed = new Option<bool?>("--suppressed") { Description = "Only those that are kept quiet, or with false only the others." };
        var acknowledged = new Option<bool?>("--acknowledged") { Description = "Only those that somebody has taken note of, or with false only the others." };
        var limit = new Option<int>("--limit", "-n") { Description = "How many. 1 to 1,000.", DefaultValueFactory = static _ => 100 };
        var command = new Command("alerts", "List alerts, and say what is to become of one.") { list, severity, category, rule, instance, text, suppressed, acknowledged, limit };
        var listed = "active";
        verb(
            command,
            (client, parsed, token) =>
            {
                listed = parsed.GetRequiredValue(list);
                return client.GetAsync(
                    Fields.Path(
                        "alerts",
                        ("severity", parsed.GetValue(severity)), ("category", parsed.GetValue(category)), ("rule", parsed.GetValue(rule)), ("instance", parsed.GetValue(instance)),
                        ("q", parsed.GetValue(text)), ("suppressed", Flag(parsed.GetValue(suppressed))), ("acknowledged", Flag(parsed.GetValue(acknowledged))),
                        ("limit", parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture))),
                    token);
            },
            (console, answer) => Print(console, answer, listed));
        command.Add(AlertShowCommand.Create(verb));
        command.Add(AlertResolveCommand.Create(verb));
        command.Add(AlertAcknowledgeCommand.Create(verb));
        return command;
    }

    private static void Print(IAnsiConsole console, JsonElement answer, string list)
    {
        var table = Fields.Table("KEY", "SEVERITY", "STATE", "SINCE", "VALUE", "QUIET BY", "ACKNOWLEDGED", "MESSAGE");
        foreach (var alert in answer.GetProperty(list).EnumerateArray())
        {
            table.Add(
                alert.Text("key"), alert.Text("severity"), alert.Text("state"), alert.Time(list == "resolved" ? "resolvedAt" : "startedAt"), alert.Measure("value"),
                alert.Suppression(), alert.Text("acknowledgedBy"), alert.Text("message"));
        }

        console.Print(table, $"No {list} alerts.");
        var more = answer.GetProperty("matched").GetProperty(list).GetInt32() - table.Rows.Count;
        if (more > 0)
        {
            console.WriteLine($"… and {more} more (--limit).");
        }
    }

    private static string? Flag(bool? flag) => flag is null ? null : flag.Value ? "true" : "false";
}
