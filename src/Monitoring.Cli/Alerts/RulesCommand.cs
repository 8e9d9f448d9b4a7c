using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Monitoring.Cli.Alerts;

/// <summary><c>monitoring rules</c></summary>
internal static class RulesCommand
{
    public static Command Create(Verb verb)
    {
        var command = new Command("rules", "List the alert rules and how they stand.");
        verb(command, static (client, _, token) => client.GetAsync("alerts/rules", token), Print);
        return command;
    }

    private static void Print(IAnsiConsole console, JsonElement answer)
    {
        var table = Fields.Table("RULE", "KIND", "ORIGIN", "ON", "SERIES", "PENDING", "ACTIVE", "EVALUATED", "CONDITION", "ERROR");
        foreach (var rule in answer.GetProperty("rules").EnumerateArray())
        {
            table.Add(
                rule.Text("name"), rule.Text("kind"), rule.Text("origin"), rule.GetProperty("isEnabled").GetBoolean() ? "yes" : "no", rule.Text("series"), rule.Text("pending"),
                rule.Text("active"), rule.Time("evaluatedAt"), rule.Text("condition"), rule.Text("error"));
        }

        console.Print(table, "No rules.");
    }
}
