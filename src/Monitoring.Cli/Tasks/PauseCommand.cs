using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Monitoring.Cli.Tasks;

/// <summary><c>monitoring tasks pause</c></summary>
internal static class PauseCommand
{
    public static Command Create(Verb verb)
    {
        var queue = TaskOptions.Queue();
        var command = new Command("pause", "Let the queue hand out nothing more; what runs goes on, what is enqueued waits.") { queue };
        verb(command, (client, parsed, token) => client.PostAsync("tasks/pause", TaskOptions.Body(parsed.GetValue(queue)), token), Print);
        return command;
    }

    internal static void Print(IAnsiConsole console, JsonElement answer)
    {
        foreach (var queue in answer.GetProperty("queues").EnumerateArray())
        {
            console.WriteLine($"{queue.GetProperty("name").GetString()}: {(queue.GetProperty("isPaused").GetBoolean() ? "paused" : "running")}");
        }
    }
}
