using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Monitoring.Cli.Alerts;

/// <summary><c>monitoring audit</c></summary>
internal static class AuditCommand
{
    public static Command Create(Verb verb)
    {
        var limit = new Option<int>("--limit", "-n") { Description = "How many, newest first. 1 to 1,000.", DefaultValueFactory = static _ => 100 };
        var command = new Command("audit", "List who changed what, and when.") { limit };
        verb(command, (client, parsed, token) => client.GetAsync(Fields.Path("audit", ("limit", parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture))), token), Print);
        return command;
    }

    private static void Print(IAnsiConsole console, JsonElement answer)
    {
        var table = Fields.Table("AT", "BY", "ACTION", "TARGET", "NOTE");
        foreach (var entry in answer.GetProperty("entries").EnumerateArray())
        {
            table.Add(entry.Time("at"), entry.Text("by"), entry.Text("action"), entry.Text("target"), entry.Text("note"));
        }

        console.Print(table, "No changes.");
    }
}
