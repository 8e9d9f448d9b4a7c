using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Monitoring.Cli.Alerts;

/// <summary><c>monitoring notifiers test</c></summary>
internal static class NotifierTestCommand
{
    public static Command Create(Verb verb)
    {
        var name = new Argument<string>("name") { Description = "Name of the channel." };
        var command = new Command("test", "Send a test notice to a channel, and say whether it was taken.") { name };
        verb(command, (client, parsed, token) => client.PostAsync($"notifiers/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}/test", new JsonObject(), token),
            static (console, answer) => console.WriteLine($"{answer.Text("name")}: delivered"));
        return command;
    }
}
