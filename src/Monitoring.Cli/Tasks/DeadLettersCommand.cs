using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Monitoring.Cli.Tasks;

/// <summary><c>monitoring tasks dead-letters</c></summary>
internal static class DeadLettersCommand
{
    public static Command Create(Verb verb)
    {
        var queue = TaskOptions.Queue();
        var count = new Option<int>("--count", "-n") { Description = "How many of each queue, newest first. 1 to 10,000.", DefaultValueFactory = static _ => 20 };
        var command = new Command("dead-letters", "List the tasks that were given up, and why.") { queue, count };
        verb(command, (client, parsed, token) => client.GetAsync(Path(parsed.GetValue(queue), parsed.GetValue(count)), token), Print);
        return command;
    }

    private static string Path(string? queue, int count) =>
        $"tasks/dead-letters?count={count}" + (queue is null ? "" : $"&queue={Uri.EscapeDataString(queue)}");

    private static void Print(IAnsiConsole console, JsonElement answer)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("QUEUE", "ID", "TYPE", "AT", "REASON", "ATTEMPTS", "ERROR");
        foreach (var queue in answer.GetProperty("queues").EnumerateArray())
        {
            foreach (var letter in queue.GetProperty("deadLetters").EnumerateArray())
            {
                var error = string.Join(": ", new[] { Text(letter, "exceptionType"), Text(letter, "message") }.Where(static text => text.Length > 0));
                table.AddRow([
                    new Text(queue.GetProperty("name").GetString()!), new Text(Text(letter, "id")), new Text(Text(letter, "typeName")),
                    new Text($"{letter.GetProperty("at").GetDateTimeOffset():u}"), new Text(Text(letter, "reason")),
                    new Text($"{letter.GetProperty("attempts").GetInt32()}"), new Text(error)]);
            }
        }

        if (table.Rows.Count == 0)
        {
            console.WriteLine("No dead letters.");
            return;
        }

        console.Write(table);
    }

    private static string Text(JsonElement letter, string name) =>
        letter.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
