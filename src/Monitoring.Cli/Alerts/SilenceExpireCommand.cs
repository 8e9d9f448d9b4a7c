using System.CommandLine;
using Spectre.Console;

namespace Monitoring.Cli.Alerts;

/// <summary><c>monitoring silences expire</c></summary>
internal static class SilenceExpireCommand
{
    public static Command Create(Verb verb)
    {
        var id = new Argument<string>("id") { Description = "Id of the silence." };
        var command = new Command("expire", "End a silence now.") { id };
        verb(command, (client, parsed, token) => client.DeleteAsync($"silences/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", token),
            static (console, answer) => console.WriteLine($"{answer.Text("id")}: ended"));
        return command;
    }
}
