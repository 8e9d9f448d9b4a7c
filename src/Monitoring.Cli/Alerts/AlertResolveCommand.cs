using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Monitoring.Cli.Alerts;

/// <summary><c>monitoring alerts resolve</c></summary>
internal static class AlertResolveCommand
{
    public static Command Create(Verb verb) =>
        Change(verb, "resolve", "Resolve an alert by hand; it stays resolved until its condition has cleared once.", "resolved");

    /// <summary>A verb that changes one alert and says why.</summary>
    internal static Command Change(Verb verb, string name, string description, string done)
    {
        var key = new Argument<string>("key") { Description = "Key of the alert." };
        var note = new Option<string?>("--note") { Description = "Why, or what is done about it." };
        var command = new Command(name, description) { key, note };
        verb(
            command,
            (client, parsed, token) =>
            {
                var body = new JsonObject();
                if (parsed.GetValue(note) is { } text)
                {
                    body["note"] = text;
                }

                return client.PostAsync($"alerts/{Uri.EscapeDataString(parsed.GetRequiredValue(key))}/{name}", body, token);
            },
            (console, answer) => console.WriteLine($"{answer.Text("key")}: {done}"));
        return command;
    }
}
