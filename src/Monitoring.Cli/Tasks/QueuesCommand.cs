using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Monitoring.Cli.Tasks;

/// <summary><c>monitoring tasks queues</c></summary>
internal static class QueuesCommand
{
    public static Command Create(Verb verb)
    {
        var command = new Command("queues", "List the queues and how they are.");
        verb(command, static (client, _, token) => client.GetAsync("task-queue", token), Print);
        return command;
    }

    private static void Print(IAnsiConsole console, JsonElement answer)
    {
        var table = new Table().Border(TableBorder.None)
            .AddColumns("QUEUE", "SYSTEM", "STATE", "WAITING", "OLDEST", "RUNNING", "DELAYED", "DEAD", "WORKERS", "BACKPRESSURE");
        foreach (var queue in answer.GetProperty("queues").EnumerateArray())
        {
            table.AddRow([
                new Text(queue.GetProperty("name").GetString()!),
                new Text(queue.GetProperty("system").GetString() ?? ""),
                new Text(queue.GetProperty("isPaused").GetBoolean() ? "paused" : "running"),
                Number(queue, "currentDepth"),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{queue.GetProperty("oldestTaskAgeMs").GetDouble() / 1000:0.###} s")),
                Number(queue, "running"), Number(queue, "delayed"), Number(queue, "deadLetters"), Number(queue, "workers"),
                new Text(queue.GetProperty("backpressure").GetProperty("level").GetString()!)]);
        }

        if (table.Rows.Count == 0)
        {
            console.WriteLine("No queues.");
            return;
        }

        console.Write(table);
    }

    private static Text Number(JsonElement queue, string name) => new(queue.GetProperty(name).GetRawText());
}
