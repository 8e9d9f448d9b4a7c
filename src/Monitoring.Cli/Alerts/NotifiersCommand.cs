using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Monitoring.Cli.Alerts;

/// <summary><c>monitoring notifiers</c></summary>
internal static class NotifiersCommand
{
    public static Command Create(Verb verb)
    {
        var command = new Command("notifiers", "List the channels and how they fare, and try one.");
        verb(command, static (client, _, token) => client.GetAsync("notifiers", token), Print);
        command.Add(NotifierTestCommand.Create(verb));
        return command;
    }

    private static void Print(IAnsiConsole console, JsonElement answer)
    {
        var table = Fields.Table("CHANNEL", "STATE", "FIRED", "DELIVERED", "SUPPRESSED", "FAILED", "PENDING", "LAST SUCCESS", "LAST ERROR", "ERROR");
        foreach (var channel in answer.GetProperty("notifiers").EnumerateArray())
        {
            table.Add(
                channel.Text("name"), State(channel), channel.Text("fired"), channel.Text("delivered"), channel.Counts("suppressed"), channel.Counts("failed"), channel.Text("pending"),
                channel.Time("lastSuccessAt"), channel.Time("lastErrorAt"), channel.Text("lastError"));
        }

        console.Print(table, "No channels.");
    }

    private static string State(JsonElement channel) =>
        channel.GetProperty("isGone").GetBoolean() ? "gone" : channel.GetProperty("isCircuitOpen").GetBoolean() ? "circuit open" : "on";
}
