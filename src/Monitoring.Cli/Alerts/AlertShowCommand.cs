using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Monitoring.Cli.Alerts;

/// <summary><c>monitoring alerts show</c></summary>
internal static class AlertShowCommand
{
    public static Command Create(Verb verb)
    {
        var key = new Argument<string>("key") { Description = "Key of the alert." };
        var command = new Command("show", "Show all of one alert: what happened to it, and who was told.") { key };
        verb(command, (client, parsed, token) => client.GetAsync($"alerts/{Uri.EscapeDataString(parsed.GetRequiredValue(key))}", token), Print);
        return command;
    }

    private static void Print(IAnsiConsole console, JsonElement answer)
    {
        var alert = answer.GetProperty("alert");
        console.WriteLine($"{alert.Text("key")}: {alert.Text("state")}, {alert.Text("severity")}");
        console.WriteLine(alert.Text("message"));
        Line("value", $"{alert.Measure("value")}, threshold {alert.Measure("threshold")}, peak {alert.Measure("peakValue")}");
        Line("since", alert.Time("startedAt"));
        Line("resolved", alert.Time("resolvedAt"), alert.Text("resolvedBy"), alert.Text("resolutionNote"));
        Line("acknowledged", alert.Time("acknowledgedAt"), alert.Text("acknowledgedBy"), alert.Text("acknowledgementNote"));
        Line("quiet by", alert.Suppression());
        Line("runbook", alert.Text("runbook"));
        foreach (var detail in alert.GetProperty("context").EnumerateObject())
        {
            Line(detail.Name, detail.Value.GetString() ?? "");
        }

        var timeline = Fields.Table("AT", "WHAT", "SEVERITY", "VALUE", "BY", "NOTE");
        foreach (var step in alert.GetProperty("timeline").EnumerateArray())
        {
            timeline.Add(step.Time("at"), step.Text("kind"), step.Text("severity"), step.Number("value"), step.Text("by"), step.Text("note"));
        }

        console.Print(timeline, "Nothing is known of what happened to it.");
        var deliveries = Fields.Table("CHANNEL", "OUTCOME", "REASON", "AT");
        foreach (var delivery in answer.GetProperty("deliveries").EnumerateArray())
        {
            deliveries.Add(delivery.Text("channel"), delivery.Text("outcome"), delivery.Text("reason"), delivery.Time("at"));
        }

        console.Print(deliveries, "Nothing is known of who was told.");

        void Line(string name, params string[] parts)
        {
            if (parts[0].Length > 0)
            {
                console.WriteLine($"  {name}: {string.Join(", ", parts.Where(static part => part.Length > 0))}");
            }
        }
    }
}
