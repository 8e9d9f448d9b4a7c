using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Monitoring.Cli.Alerts;

/// <summary><c>monitoring silences</c></summary>
internal static class SilencesCommand
{
    public static Command Create(Verb verb)
    {
        var all = new Option<bool>("--all") { Description = "Also those that have ended within the last 24 hours." };
        var command = new Command("silences", "List what keeps alerts quiet, and change it.") { all };
        var withEnded = false;
        verb(
            command,
            (client, parsed, token) =>
            {
                withEnded = parsed.GetValue(all);
                return client.GetAsync("silences", token);
            },
            (console, answer) => Print(console, answer, withEnded));
        command.Add(SilenceAddCommand.Create(verb));
        command.Add(SilenceExpireCommand.Create(verb));
        return command;
    }

    private static void Print(IAnsiConsole console, JsonElement answer, bool withEnded)
    {
        var table = Fields.Table("ID", "STATE", "MATCHERS", "FROM", "UNTIL", "AUTHOR", "REASON");
        foreach (var silence in answer.GetProperty("silences").EnumerateArray().Where(silence => withEnded || silence.Text("state") != "Ended"))
        {
            table.Add(silence.Text("id"), silence.Text("state"), silence.Matchers(), silence.Time("startsAt"), silence.Time("endsAt"), silence.Text("author"), silence.Text("reason"));
        }

        console.Print(table, "No silences.");
    }
}
